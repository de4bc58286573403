-- Un total partageable repose sur trop peu de firmes, ou trop sur une seule.
WITH shareable AS (
    SELECT 'stock' AS series, subject_id, week FROM secrecy_link_week WHERE link = 'exploitants' AND NOT hides_stock
    UNION ALL
    SELECT 'ventes' AS series, subject_id, week FROM secrecy_link_week WHERE link = 'exploitants' AND NOT hides_sales
    UNION ALL
    SELECT 'demande' AS series, subject_id, week
    FROM secrecy_link_week WHERE link = 'exploitants' AND NOT hides_current_demand
    UNION ALL
    SELECT 'dispensation' AS series, subject_id, week FROM secrecy_sales_week WHERE NOT is_hidden
),
by_firm AS (
    SELECT t.series, t.subject_id, t.week, c.firm, SUM(c.boxes) AS boxes
    FROM shareable AS t
    INNER JOIN subject_presentation AS s ON s.subject_id = t.subject_id
    INNER JOIN contribution AS c ON c.series = t.series AND c.week = t.week AND c.cip13 = s.cip13
    GROUP BY t.series, t.subject_id, t.week, c.firm
)
SELECT b.series, b.subject_id, b.week, COUNT(CASE WHEN b.boxes > 0 THEN b.firm END) AS firms,
    MAX(b.boxes) / SUM(b.boxes) AS share
FROM by_firm AS b
GROUP BY b.series, b.subject_id, b.week
HAVING firms_are_few(b.firm, b.boxes)
