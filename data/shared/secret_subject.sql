-- Quels sujets reposent sur trop peu de laboratoires pour être partagés, ou laisseraient retrouver un de ceux-là par différence ?
WITH too_few AS (
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
)
-- A whole DCI minus its visible groups would give the hidden one: the DCI is hidden with any of its groups.
SELECT subject_id FROM too_few
UNION
SELECT 'dci:' || g.dci_key AS subject_id
FROM restricted.tracked_group AS g
INNER JOIN too_few AS t ON t.subject_id = g.group_id
UNION
-- Groups that share presentations with a hidden one, for the same reason.
SELECT other.group_id AS subject_id
FROM restricted.group_presentation AS mine
INNER JOIN too_few AS t ON t.subject_id = mine.group_id
INNER JOIN restricted.group_presentation AS other ON other.cip13 = mine.cip13
