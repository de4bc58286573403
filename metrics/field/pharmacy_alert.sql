-- Quelles alertes les officines ont-elles déclarées dans DP-Ruptures, et lesquelles sont ouvertes ?
-- grain : alerte × présentation
-- unité : alerte, jours
-- formule : une alerte est ouverte tant qu'aucune clôture n'est reçue
-- absence : département non transmis ; clôture ou nombre de grossistes non transmis ; présentation hors référentiel
-- source : DP-Ruptures, référentiel public (BDPM)
-- règle : une livraison entièrement absente après deux grossistes et 72 heures ; une ligne désigne une présentation,
--   donc un laboratoire : jamais dans la version partageable
-- état : dpruptures
SELECT
    a.alert_no, a.declared_on, a.cip13, p.denomination, p.label AS presentation_label, p.dci, p.dci_key, a.department,
    d.name, d.region, d.region_name, a.closed_on, a.closed_on IS NULL AS is_open, a.wholesalers_asked
FROM alert_line AS a
LEFT JOIN presentation AS p ON p.cip13 = a.cip13
LEFT JOIN department AS d ON d.department = a.department
ORDER BY a.declared_on DESC, a.alert_no, a.cip13
