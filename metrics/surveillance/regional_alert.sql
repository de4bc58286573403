-- Quelles régions sont en alerte épidémique, et à quel niveau ?
-- grain : épidémie × région × semaine ISO
-- unité : niveau, de 1 (pas d'alerte) à 4 (épidémie)
-- formule : niveau publié par Santé publique France ; le dernier reçu l'emporte
-- absence : région ou semaine non publiée : ne se lit pas comme « pas d'alerte »
-- source : Santé publique France (Odissé)
-- règle : niveaux officiels, repris sans changement
-- état : spf
SELECT
    LOWER(a.theme) AS theme, a.region, r.region_name, a.week, CAST(a.alert_level AS INTEGER) AS alert_level,
    a.week = MAX(a.week) OVER (PARTITION BY LOWER(a.theme), a.region) AS is_last
FROM last_line('spf_regional_alert', (LOWER(theme), region, week)) AS a
LEFT JOIN (SELECT region, MIN(region_name) AS region_name FROM department GROUP BY region) AS r ON r.region = a.region
ORDER BY theme, a.region, a.week
