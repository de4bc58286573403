-- Couverture partageable : les exploitants sont masqués quand trop peu de laboratoires sont derrière.
SELECT
    c.subject_id, c.link, c.week,
    CASE WHEN NOT x.hidden THEN c.stock_boxes END AS stock_boxes,
    CASE WHEN NOT x.hidden THEN c.sales_boxes END AS sales_boxes,
    CASE WHEN NOT x.hidden THEN c.legal_daily_boxes END AS legal_daily_boxes,
    CASE WHEN NOT x.hidden THEN c.current_daily_boxes END AS current_daily_boxes,
    CASE WHEN NOT x.hidden THEN c.coverage_legal_days END AS coverage_legal_days,
    CASE WHEN NOT x.hidden THEN c.coverage_current_days END AS coverage_current_days,
    CASE WHEN NOT x.hidden THEN c.coverage_days END AS coverage_days,
    CASE WHEN NOT x.hidden THEN c.status END AS status,
    CASE WHEN x.hidden THEN 'masque' ELSE c.figure_state END AS figure_state,
    CASE WHEN NOT x.hidden THEN c.missing_share_pct END AS missing_share_pct,
    CAST(NULL AS VARCHAR) AS missing_names,
    c.participants, c.legal_origin
FROM restricted.coverage_weekly AS c
INNER JOIN (
    SELECT
        l.subject_id, l.link,
        l.link = 'exploitants' AND (
            h.subject_id IS NOT NULL OR l.subject_id NOT IN (SELECT m.subject_id FROM restricted.market_share AS m)
        ) AS hidden
    FROM (SELECT DISTINCT subject_id, link FROM restricted.coverage_weekly) AS l
    LEFT JOIN secret_subject AS h ON h.subject_id = l.subject_id
) AS x ON x.subject_id = c.subject_id AND x.link = c.link
ORDER BY c.subject_id, c.link, c.week
