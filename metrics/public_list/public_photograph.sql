-- Quelles photographies de la liste publique a-t-on reçues, et que comptent-elles ?
-- grain : photographie
-- unité : lignes
-- formule : lignes par code : 1 rupture, 2 tension, 3 arrêt, 4 remise à disposition
-- absence : aucune photographie reçue
-- source : BDPM, fichier CIS_CIP_Dispo_Spec
-- règle : la liste est une photographie du jour ; chacune est gardée
SELECT
    p.photograph_no, p.photograph_on, p.received_at, COUNT(*) AS rows,
    COUNT(CASE WHEN b.code = '1' THEN 1 END) AS ruptures,
    COUNT(CASE WHEN b.code = '2' THEN 1 END) AS tensions,
    COUNT(CASE WHEN b.code = '3' THEN 1 END) AS stops,
    COUNT(CASE WHEN b.code = '4' THEN 1 END) AS returns
FROM photograph AS p
INNER JOIN bdpm_availability AS b ON b.load_id = p.load_id
GROUP BY p.photograph_no, p.photograph_on, p.received_at
ORDER BY p.photograph_no
