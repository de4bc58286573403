-- Que dit la liste publique de l'ANSM ? Les spécialités y sont nommées par leur DCI, leur dosage et leur forme.
-- The address of a public sheet is made of the name of the medicine, which reveals the laboratory.
SELECT s.* REPLACE (n.denomination AS denomination, CAST(NULL AS VARCHAR) AS url)
FROM restricted.public_shortage AS s
LEFT JOIN speciality AS n ON n.cis = s.cis
ORDER BY s.dci_key, s.code, s.cis, s.cip13
