-- La différence de deux totaux partageables repose sur trop peu de firmes, ou trop sur une seule.
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
pair AS (
    SELECT DISTINCT a.subject_id AS larger, b.subject_id AS smaller
    FROM subject_presentation AS a
    INNER JOIN subject_presentation AS b ON b.cip13 = a.cip13 AND b.subject_id <> a.subject_id
),
outside AS (
    SELECT p.larger, p.smaller, s.cip13
    FROM pair AS p
    INNER JOIN subject_presentation AS s ON s.subject_id = p.larger
    ANTI JOIN subject_presentation AS i ON i.subject_id = p.smaller AND i.cip13 = s.cip13
),
by_firm AS (
    SELECT a.series, a.week, o.larger, o.smaller, c.firm, SUM(c.boxes) AS boxes
    FROM shareable AS a
    INNER JOIN outside AS o ON o.larger = a.subject_id
    INNER JOIN shareable AS b ON b.series = a.series AND b.week = a.week AND b.subject_id = o.smaller
    INNER JOIN contribution AS c ON c.series = a.series AND c.week = a.week AND c.cip13 = o.cip13
    GROUP BY a.series, a.week, o.larger, o.smaller, c.firm
)
SELECT l.series, l.week, l.larger, l.smaller, COUNT(CASE WHEN l.boxes > 0 THEN l.firm END) AS firms
FROM by_firm AS l
GROUP BY l.series, l.week, l.larger, l.smaller
HAVING firms_are_few(l.firm, l.boxes)
