-- Où les agences régionales ont-elles signalé un manque de ce médicament, sur la période ?
-- grain : ce dont on compte (groupe suivi, DCI ou plan) × région de l'agence × département
-- unité : signaux
-- formule : signaux reçus par l'agence dans les field_days derniers jours, un numéro compté une fois
-- absence : pas de ligne là où rien n'est signalé, ce qui ne dit pas que rien ne manque ; département vide : signal
--   sans département, compté pour sa région
-- source : SISAC, référentiel public (BDPM)
-- règle : un indice, jamais un statut : aucun plan, aucun verdict ne le lit. Des nombres et des jours seulement : ni
--   texte, ni réponse, ni numéro. Un signal qui ne nomme qu'une DCI vaut pour chacun de ses groupes suivis
-- seuils : field_days
-- état : sisac
SELECT
    a.about, s.ars_region AS region, r.region_name, s.department, d.name, COUNT(*) AS signals,
    COUNT(CASE WHEN s.nature = 'inconnue' THEN 1 END) AS unknown_signals,
    COUNT(CASE WHEN s.nature = 'persistance' THEN 1 END) AS persisting_signals,
    COUNT(CASE WHEN s.answered_on IS NULL THEN 1 END) AS unanswered_signals, MIN(s.received_on) AS oldest_on,
    MAX(s.received_on) AS newest_on
FROM agency_line AS s
INNER JOIN signal_about AS a ON a.signal_no = s.signal_no
CROSS JOIN parameter AS p
LEFT JOIN (SELECT region, MIN(region_name) AS region_name FROM department GROUP BY region) AS r
    ON r.region = s.ars_region
LEFT JOIN department AS d ON d.department = s.department
WHERE s.received_on > p.as_of - CAST(p.field_days AS INTEGER)
GROUP BY a.about, s.ars_region, r.region_name, s.department, d.name
ORDER BY a.about, s.ars_region, s.department
