-- Que vend chaque déclarant de chaque présentation sur la période de référence, quel que soit son rythme ?
-- The one denominator of every share of sales. A monthly report covers one week of four, a missing one none: weeks
-- are not added, their mean (``declarant_demand``, the same as coverage) stands for the weeks of the period. Of a
-- declarant no longer expected, or followed by another on the same presentation, only those until its last report; of
-- the one that follows, only those since its first.
CREATE TEMP TABLE period_sales AS
WITH period AS (
    SELECT
        n.link AS link, n.week AS last_week,
        GREATEST(MIN(k.week), n.week - week_days(p.legal_weeks - 1)) AS first_week
    FROM newest_week AS n
    CROSS JOIN parameter AS p
    INNER JOIN link_week AS k ON k.link = n.link
    GROUP BY n.link, n.week, p.legal_weeks
),
spoken AS (
    SELECT
        r.link AS link, r.cip13 AS cip13, r.participant AS participant, MIN(r.week) AS first_week,
        MAX(r.week) AS last_week
    FROM stock_reading AS r
    INNER JOIN period AS d ON d.link = r.link AND r.week >= d.first_week
    GROUP BY r.link, r.cip13, r.participant
),
span AS (
    SELECT
        s.link AS link, s.cip13 AS cip13, s.participant AS participant,
        BOOL_OR(COALESCE(o.last_week < s.first_week, FALSE)) AS is_successor,
        BOOL_OR(COALESCE(o.first_week > s.last_week, FALSE)) AS is_succeeded,
        MIN(s.first_week) AS first_week, MIN(s.last_week) AS last_week
    FROM spoken AS s
    LEFT JOIN spoken AS o ON o.link = s.link AND o.cip13 = s.cip13 AND o.participant <> s.participant
    GROUP BY s.link, s.cip13, s.participant
),
demand AS (
    SELECT
        l.subject_id AS subject_id, l.link AS link, l.cip13 AS cip13, l.participant AS participant,
        MAX(l.week) AS week, MAX_BY(l.year_weekly_boxes, l.week) AS weekly_boxes
    FROM declarant_demand AS l
    INNER JOIN period AS d ON d.link = l.link AND l.week >= d.first_week
    GROUP BY l.subject_id, l.link, l.cip13, l.participant
),
counted AS (
    SELECT
        m.subject_id AS subject_id, m.link AS link, m.cip13 AS cip13, m.participant AS participant,
        m.weekly_boxes AS weekly_boxes,
        weeks_between(
            CASE WHEN s.is_successor THEN s.first_week ELSE d.first_week END,
            CASE WHEN s.is_succeeded OR m.week < d.last_week THEN s.last_week ELSE d.last_week END
        ) + 1 AS weeks,
        weeks_between(d.first_week, d.last_week) + 1 AS period_weeks
    FROM demand AS m
    INNER JOIN period AS d ON d.link = m.link
    INNER JOIN span AS s ON s.link = m.link AND s.cip13 = m.cip13 AND s.participant = m.participant
)
SELECT
    subject_id, link, cip13, participant, weeks, period_weeks,
    -- Thirds of boxes added up again are a whole.
    CAST(ROUND(weekly_boxes * weeks, 9) AS DECIMAL(38, 9)) AS boxes
FROM counted;
