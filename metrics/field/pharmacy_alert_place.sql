-- Dans quels départements des officines disent-elles ne plus être livrées du tout de ce médicament ?
-- grain : ce dont on compte (groupe suivi, DCI ou plan) × département
-- unité : alertes, alertes pour 100 officines raccordées
-- formule : alertes ouvertes, et alertes déclarées dans les field_days derniers jours, chacune comptée une fois ;
--   taux = alertes ouvertes sur les officines raccordées du département, quand leur nombre est transmis
-- absence : pas de ligne là où rien n'est déclaré, ce qui vaut zéro une fois la source reçue, et elle seule ;
--   département vide : alerte sans département
-- source : DP-Ruptures, référentiel public (BDPM)
-- règle : un indice, jamais un statut : aucun plan, aucun verdict ne le lit. Des alertes, sans le nombre d'officines
--   touchées ni de boîtes : deux départements ne se comparent que par leur taux
-- seuils : field_days
-- état : dpruptures
SELECT
    b.about, a.department, d.name, d.region, d.region_name,
    COUNT(DISTINCT CASE WHEN a.closed_on IS NULL THEN a.alert_no END) AS open_alerts,
    COUNT(DISTINCT CASE WHEN a.declared_on > p.as_of - CAST(p.field_days AS INTEGER) THEN a.alert_no END) AS new_alerts,
    MIN(CASE WHEN a.closed_on IS NULL THEN a.declared_on END) AS oldest_on, MAX(a.declared_on) AS newest_on,
    ANY_VALUE(c.connected_pharmacies) AS connected_pharmacies,
    ROUND(
        100.0 * COUNT(DISTINCT CASE WHEN a.closed_on IS NULL THEN a.alert_no END)
        / NULLIF(ANY_VALUE(c.connected_pharmacies), 0), 6
    ) AS per_100_pharmacies
FROM alert_line AS a
INNER JOIN about_presentation AS b ON b.cip13 = a.cip13
CROSS JOIN parameter AS p
LEFT JOIN department AS d ON d.department = a.department
LEFT JOIN connected_department AS c ON c.department = a.department
WHERE a.closed_on IS NULL OR a.declared_on > p.as_of - CAST(p.field_days AS INTEGER)
GROUP BY b.about, a.department, d.name, d.region, d.region_name
ORDER BY b.about, a.department
