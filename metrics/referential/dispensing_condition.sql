-- Sous quelles conditions les spécialités d'une DCI se prescrivent-elles et se délivrent-elles ?
-- grain : DCI × condition
-- unité : spécialités
-- formule : dernière photographie de CIS_CPD ; spécialités de la DCI qui portent la condition, sur toutes les siennes
-- absence : DCI sans ligne : aucune condition publiée pour elle
-- source : BDPM, fichier CIS_CPD
-- règle : conditions telles qu'écrites ; les espaces répétés sont ramenés à un seul
-- état : bdpm
WITH conditions AS (
    SELECT DISTINCT d.cis, TRIM(REGEXP_REPLACE(d.condition, '\s+', ' ', 'g')) AS condition
    FROM bdpm_dispensing AS d
    INNER JOIN in_force AS f ON f.kind = 'dispensing' AND f.load_id = d.load_id
),
totals AS (
    SELECT dci_key, COUNT(*) AS dci_specialities FROM speciality WHERE dci_key IS NOT NULL GROUP BY dci_key
)
SELECT s.dci_key, c.condition, COUNT(*) AS specialities, t.dci_specialities
FROM conditions AS c
INNER JOIN speciality AS s ON s.cis = c.cis
INNER JOIN totals AS t ON t.dci_key = s.dci_key
GROUP BY s.dci_key, c.condition, t.dci_specialities
ORDER BY s.dci_key, specialities DESC, c.condition
