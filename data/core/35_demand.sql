-- Quelle demande chaque maillon a-t-il devant lui, par sujet et par semaine ?
-- How long the two windows of sales are, the current week included.
CREATE TEMP TABLE demand_window AS
SELECT to_days(week_days(current_weeks - 1)) AS current_span, to_days(week_days(legal_weeks - 1)) AS legal_span
FROM parameter;

-- What each declarant holds of each presentation of a subject, and the demand it meets: the mean of the weeks it
-- reported itself in each window. A newcomer counts with the weeks it has; a week without a report is in no mean.
-- A measurement that is not weekly covers one week of each window only: the four weeks it declares stand for that week
-- and make its current demand; the usual sales it declares, else the mean of those, its yearly one. ``covered_weeks``:
-- the weeks of sales it covers, which count when a year must be known.
CREATE TEMP TABLE declarant_demand AS
WITH line AS (
    SELECT
        s.subject_id AS subject_id, w.link AS link, w.week AS week, w.cip13 AS cip13, w.participant AS participant,
        w.stock_boxes AS stock_boxes, w.sales_boxes AS sales_boxes, w.gap_weeks AS gap_weeks, w.is_held AS is_held,
        w.age_weeks AS age_weeks, w.due_weeks AS due_weeks, w.rhythm AS rhythm, w.source_key AS source_key,
        w.is_left_out AS is_left_out, w.is_zero AS is_zero, w.is_out AS is_out,
        w.usual_monthly_sales_boxes AS usual_monthly_sales_boxes,
        CASE WHEN w.age_weeks = 0 THEN COALESCE(exact_boxes(w.four_weekly_boxes), w.sales_boxes) END AS own_boxes,
        CASE WHEN w.age_weeks = 0 AND x.week IS NULL
            THEN COALESCE(exact_boxes(w.four_weekly_boxes), w.sales_boxes) END AS counted_boxes,
        w.four_weekly_boxes AS four_weekly_boxes,
        CASE WHEN w.four_weekly_boxes IS NULL THEN 1 ELSE LEAST(COALESCE(w.due_weeks, 4), 4) END AS covered_weeks,
        CASE WHEN COALESCE(w.due_weeks, 0) <> 1 THEN monthly_to_weekly(w.usual_monthly_sales_boxes) END
            AS declared_weekly_boxes,
        CASE WHEN w.gap_weeks > p.carry_weeks THEN 1 END AS is_torn
    FROM (
        SELECT
            *, CASE WHEN COALESCE(due_weeks, 0) <> 1 THEN exact_mean(sales_4w_boxes, 4) END AS four_weekly_boxes
        FROM stock_week
    ) AS w
    CROSS JOIN parameter AS p
    INNER JOIN subject_presentation AS s ON s.cip13 = w.cip13
    LEFT JOIN excluded_week AS x ON x.subject_id = s.subject_id AND x.week = w.week
),
windowed AS (
    SELECT
        l.*,
        SUM(l.own_boxes) OVER current_window AS current_boxes, COUNT(l.own_boxes) OVER current_window AS current_count,
        COUNT(l.is_torn) OVER current_window AS current_torn,
        SUM(l.own_boxes) OVER legal_window AS year_boxes, COUNT(l.own_boxes) OVER legal_window AS year_count,
        SUM(l.counted_boxes) OVER legal_window AS legal_boxes, COUNT(l.counted_boxes) OVER legal_window AS legal_count,
        SUM(l.counted_boxes * l.covered_weeks) OVER legal_window AS legal_covered_boxes,
        SUM(CASE WHEN l.counted_boxes IS NOT NULL THEN l.covered_weeks END) OVER legal_window AS legal_covered_weeks,
        COUNT(l.is_torn) OVER legal_window AS legal_torn
    FROM line AS l
    CROSS JOIN demand_window AS d
    WINDOW
        current_window AS (
            PARTITION BY l.subject_id, l.link, l.cip13, l.participant ORDER BY l.week
            RANGE BETWEEN d.current_span PRECEDING AND CURRENT ROW
        ),
        legal_window AS (
            PARTITION BY l.subject_id, l.link, l.cip13, l.participant ORDER BY l.week
            RANGE BETWEEN d.legal_span PRECEDING AND CURRENT ROW
        )
),
averaged AS (
    SELECT
        w.*,
        COALESCE(w.four_weekly_boxes, exact_mean(w.current_boxes, w.current_count)) AS current_mean_boxes,
        -- Its only weeks may be in excluded months: they are still the only ones known.
        COALESCE(
            w.declared_weekly_boxes, exact_mean(w.legal_boxes, w.legal_count), exact_mean(w.year_boxes, w.year_count)
        ) AS year_mean_boxes
    FROM windowed AS w
),
last_known AS (
    SELECT
        a.*,
        LAST_VALUE(CASE WHEN a.own_boxes IS NOT NULL THEN a.current_mean_boxes END IGNORE NULLS) OVER earlier
            AS last_current_boxes,
        LAST_VALUE(CASE WHEN a.own_boxes IS NOT NULL THEN a.year_mean_boxes END IGNORE NULLS) OVER earlier
            AS last_year_boxes
    FROM averaged AS a
    WINDOW earlier AS (
        PARTITION BY a.subject_id, a.link, a.cip13, a.participant ORDER BY a.week
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
)
SELECT
    k.subject_id, k.link, k.week, k.cip13, k.participant, k.stock_boxes, k.sales_boxes, k.usual_monthly_sales_boxes,
    k.gap_weeks, k.age_weeks, k.due_weeks, k.rhythm, k.source_key, k.four_weekly_boxes, k.declared_weekly_boxes,
    k.is_held, k.is_left_out, k.is_out, k.current_count, k.current_torn, k.legal_count, k.legal_torn,
    k.legal_covered_boxes, k.legal_covered_weeks,
    -- Of a box no longer reported, the window empties week after week: its demand is that of its last report.
    CASE
        WHEN k.is_zero OR k.is_out THEN k.last_current_boxes
        ELSE COALESCE(k.current_mean_boxes, k.last_current_boxes)
    END AS current_weekly_boxes,
    COALESCE(k.year_mean_boxes, k.last_year_boxes) AS year_weekly_boxes
FROM last_known AS k;
