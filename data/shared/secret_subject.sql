-- Quels sujets reposent sur trop peu de laboratoires pour être partagés ?
SELECT s.subject_id
FROM restricted.market_share AS s
CROSS JOIN (
    SELECT
        MAX(CASE WHEN name = 'secrecy_min_laboratories' THEN value END) AS min_laboratories,
        MAX(CASE WHEN name = 'secrecy_max_share_pct' THEN value END) AS max_share_pct
    FROM restricted.threshold
) AS t
GROUP BY s.subject_id, t.min_laboratories, t.max_share_pct
HAVING COUNT(CASE WHEN s.boxes > 0 THEN 1 END) < t.min_laboratories OR MAX(s.share_pct) > t.max_share_pct
