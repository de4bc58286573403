-- Quelle demande chaque maillon a-t-il devant lui, par sujet et par semaine ?
-- How long the two windows of sales are, the current week included.
CREATE TEMP TABLE demand_window AS
SELECT to_days(week_days(current_weeks - 1)) AS current_span, to_days(week_days(legal_weeks - 1)) AS legal_span
FROM parameter;

-- Stocks and sales of the reports of a subject, summed, and the demand they make by either denominator. Read by
-- ``coverage_weekly``, which says its rules.
CREATE TEMP TABLE link_demand AS
WITH line AS (
    SELECT
        s.subject_id AS subject_id, w.link AS link, w.week AS week, w.participant AS participant,
        w.stock_boxes AS stock_boxes, w.sales_boxes AS sales_boxes, w.gap_weeks AS gap_weeks, w.is_held AS is_held,
        w.usual_monthly_sales_boxes AS usual_monthly_sales_boxes
    FROM stock_week AS w
    INNER JOIN subject_presentation AS s ON s.cip13 = w.cip13
),
summed AS (
    SELECT
        l.subject_id AS subject_id, l.link AS link, l.week AS week,
        SUM(l.stock_boxes) AS stock_boxes,
        SUM(l.sales_boxes) AS sales_boxes,
        SUM(l.usual_monthly_sales_boxes) AS usual_monthly_sales_boxes,
        SUM(CASE WHEN l.gap_weeks > 0 THEN l.sales_boxes ELSE 0 END) AS carried_sales_boxes,
        MAX(l.gap_weeks) AS worst_gap_weeks,
        COUNT(DISTINCT l.participant) AS participants,
        STRING_AGG(
            DISTINCT CASE WHEN l.gap_weeks > 0 THEN l.participant END, ', '
            ORDER BY CASE WHEN l.gap_weeks > 0 THEN l.participant END
        ) AS missing_names,
        STRING_AGG(
            DISTINCT CASE WHEN l.is_held THEN l.participant END, ', '
            ORDER BY CASE WHEN l.is_held THEN l.participant END
        ) AS held_names
    FROM line AS l
    GROUP BY l.subject_id, l.link, l.week
),
windowed AS (
    SELECT
        s.*,
        SUM(s.sales_boxes) OVER current_window AS current_sales_boxes,
        COUNT(*) OVER current_window AS current_count,
        SUM(CASE WHEN x.week IS NULL THEN s.sales_boxes END) OVER legal_window AS legal_sales_boxes,
        COUNT(CASE WHEN x.week IS NULL THEN 1 END) OVER legal_window AS legal_count
    FROM summed AS s
    CROSS JOIN demand_window AS d
    LEFT JOIN excluded_week AS x ON x.subject_id = s.subject_id AND x.week = s.week
    WINDOW
        current_window AS (
            PARTITION BY s.subject_id, s.link ORDER BY s.week
            RANGE BETWEEN d.current_span PRECEDING AND CURRENT ROW
        ),
        legal_window AS (
            PARTITION BY s.subject_id, s.link ORDER BY s.week
            RANGE BETWEEN d.legal_span PRECEDING AND CURRENT ROW
        )
),
decided AS (
    -- Of two decisions that overlap, the one that began last is in force.
    SELECT
        s.subject_id AS subject_id, s.link AS link, s.week AS week,
        MAX_BY(m.monthly_boxes, m.since) AS monthly_boxes, MAX_BY(m.reason, m.since) AS reason
    FROM summed AS s
    INNER JOIN manual_reference AS m
        ON m.subject_id = s.subject_id AND m.link = s.link
        AND m.since <= s.week AND (m.until IS NULL OR m.until >= s.week)
    GROUP BY s.subject_id, s.link, s.week
)
SELECT
    w.*,
    NULLIF(w.current_sales_boxes, 0) / (7 * w.current_count) AS current_daily_boxes,
    CASE
        WHEN m.monthly_boxes IS NOT NULL THEN monthly_to_daily(NULLIF(m.monthly_boxes, 0))
        WHEN w.legal_count >= p.legal_min_weeks THEN NULLIF(w.legal_sales_boxes, 0) / (7 * w.legal_count)
        ELSE monthly_to_daily(NULLIF(w.usual_monthly_sales_boxes, 0))
    END AS legal_daily_boxes,
    CASE
        WHEN m.monthly_boxes IS NOT NULL THEN 'référence manuelle : ' || m.reason
        WHEN w.legal_count >= p.legal_min_weeks THEN 'ventes des 12 mois glissants'
        WHEN w.usual_monthly_sales_boxes > 0 THEN 'ventes habituelles déclarées'
    END AS legal_origin,
    CASE
        WHEN w.worst_gap_weeks > p.carry_weeks THEN 'en_retard'
        WHEN w.worst_gap_weeks > 0 THEN 'estime'
        ELSE 'a_jour'
    END AS figure_state
FROM windowed AS w
CROSS JOIN parameter AS p
LEFT JOIN decided AS m ON m.subject_id = w.subject_id AND m.link = w.link AND m.week = w.week;
