-- Couverture partageable : ce que les règles de secret laissent sortir de chaque semaine, et la raison de ce qui reste.
SELECT
    c.subject_id, c.link, c.week,
    CASE WHEN NOT h.hides_stock THEN c.stock_boxes END AS stock_boxes,
    CASE WHEN NOT h.hides_sales THEN c.sales_boxes END AS sales_boxes,
    CASE WHEN NOT h.hides_legal_demand THEN c.legal_daily_boxes END AS legal_daily_boxes,
    CASE WHEN NOT h.hides_current_demand THEN c.current_daily_boxes END AS current_daily_boxes,
    CASE WHEN NOT h.hides_legal_days THEN c.coverage_legal_days END AS coverage_legal_days,
    CASE WHEN NOT h.hides_current_days THEN c.coverage_current_days END AS coverage_current_days,
    CASE WHEN NOT h.hides_current_days THEN c.coverage_members_days END AS coverage_members_days,
    CASE WHEN NOT h.hides_days THEN c.coverage_days END AS coverage_days,
    c.denominator,
    CASE WHEN NOT h.hides_days THEN c.status END AS status,
    CASE WHEN h.hides_days THEN 'masque' ELSE c.figure_state END AS figure_state,
    h.reason AS state_reason,
    -- The share of a report that is missing, times the sales, is what its sender sold.
    CAST(NULL AS DOUBLE) AS missing_share_pct,
    CAST(NULL AS VARCHAR) AS missing_names, CAST(NULL AS DOUBLE) AS left_out_share_pct,
    CAST(NULL AS VARCHAR) AS left_out_names,
    CAST(NULL AS VARCHAR) AS torn_names,
    CASE WHEN NOT h.hides_days THEN c.participants END AS participants,
    CASE WHEN NOT h.hides_days THEN c.marketed_presentations END AS marketed_presentations,
    CASE WHEN NOT h.hides_days THEN c.covered_presentations END AS covered_presentations,
    -- What is covered, times the sales of pharmacies, is what the laboratories that did not report sold.
    CAST(NULL AS DOUBLE) AS covered_share_pct, CAST(NULL AS VARCHAR) AS covered_share_of,
    CASE WHEN NOT h.hides_days THEN c.is_uncovered END AS is_uncovered,
    CASE
        WHEN h.hides_days THEN NULL
        WHEN c.legal_origin LIKE 'référence manuelle%' THEN 'référence manuelle : motif réservé à l''ANSM'
        ELSE c.legal_origin
    END AS legal_origin,
    CASE WHEN NOT h.hides_days THEN c.current_origin END AS current_origin,
    CASE WHEN NOT h.hides_days THEN c.members_origin END AS members_origin,
    CASE WHEN NOT h.hides_days THEN c.rhythm END AS rhythm,
    CASE WHEN NOT h.hides_days THEN c.sources END AS sources
FROM restricted.coverage_weekly AS c
INNER JOIN restricted.secrecy_link_week AS h ON h.subject_id = c.subject_id AND h.link = c.link AND h.week = c.week
ORDER BY c.subject_id, c.link, c.week
