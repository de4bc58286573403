-- Unités rétrocédées ; leur libellé, qui peut nommer un laboratoire, seulement sans source réservée.
SELECT m.* REPLACE (CASE WHEN o.is_open THEN m.label END AS label)
FROM restricted.retroceded_yearly AS m
CROSS JOIN (
    SELECT COUNT(CASE WHEN tier <> 'O' AND files > 0 THEN 1 END) = 0 AS is_open FROM restricted.source_state
) AS o
ORDER BY m.year, m.ucd, m.units
