-- Mouvements de la liste publique de l'ANSM, spécialités nommées sans laboratoire.
-- The address of a public sheet is made of the name of the medicine, which reveals the laboratory.
SELECT s.* REPLACE (n.denomination AS denomination, CAST(NULL AS VARCHAR) AS url)
FROM restricted.public_shortage_event AS s
LEFT JOIN speciality AS n ON n.cis = s.cis
ORDER BY s.photograph_no DESC, s.event, s.cis
