-- Que signalent les agences régionales, et leur a-t-on répondu ?
-- grain : signal
-- unité : signal, patients
-- formule : dernière ligne reçue de chaque signal
-- absence : département, médicament, circuit, patients ou réponse non transmis
-- source : SISAC, référentiel public (BDPM)
-- règle : la DCI est celle de la présentation, sinon de la spécialité, sinon celle qui est écrite. Le texte est saisi à
--   la main : un signal n'est jamais, seul, dans la version partageable
-- seuils : field_days
-- état : sisac
SELECT
    s.signal_no, s.received_on, s.received_on > p.as_of - CAST(p.field_days AS INTEGER) AS is_recent,
    s.ars_region AS region, r.region_name,
    s.department, d.name, s.cis, s.cip13, COALESCE(b.denomination, c.denomination) AS denomination,
    COALESCE(u.label, s.dci) AS label, s.dci AS written_dci, u.dci_key, s.circuit, s.nature, s.text,
    s.qualified_by_ars = 'oui' AS is_qualified, s.patients_concerned, s.sent_to_di_on, s.answered_on, s.answer
FROM agency_line AS s
CROSS JOIN parameter AS p
LEFT JOIN (SELECT region, MIN(region_name) AS region_name FROM department GROUP BY region) AS r
    ON r.region = s.ars_region
LEFT JOIN department AS d ON d.department = s.department
LEFT JOIN presentation AS b ON b.cip13 = s.cip13
LEFT JOIN speciality AS c ON c.cis = s.cis
LEFT JOIN subject AS u ON u.subject_id = 'dci:' || s.dci_key
ORDER BY s.received_on DESC, s.signal_no
