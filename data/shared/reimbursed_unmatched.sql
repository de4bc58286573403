-- Présentations inconnues du référentiel ; leur libellé, où un laboratoire se lit, seulement sans source réservée.
SELECT m.* REPLACE (CASE WHEN o.is_open THEN m.label END AS label)
FROM restricted.reimbursed_unmatched AS m
CROSS JOIN (
    SELECT COUNT(CASE WHEN tier <> 'O' AND files > 0 THEN 1 END) = 0 AS is_open FROM restricted.source_state
) AS o
ORDER BY m.source_key, m.period, m.boxes DESC, m.cip13
