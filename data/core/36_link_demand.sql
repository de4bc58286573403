-- Que pèse chaque maillon, stock et demande des mêmes déclarants, et que manque-t-il à la somme ?
-- Of what a subject markets, what the sum of a week holds. Only laboratories are expected to report every box they
-- market: a hospital box is not a wholesaler's.
CREATE TEMP TABLE link_cover AS
WITH held AS (
    SELECT DISTINCT subject_id, week, cip13
    FROM declarant_demand
    WHERE link = 'exploitants' AND NOT is_out
),
marketed AS (
    SELECT
        subject_id, COUNT(CASE WHEN is_marketed THEN 1 END) AS marketed_presentations, MAX(sales_link) AS sales_link,
        SUM(CASE WHEN is_marketed THEN outside_boxes END) AS marketed_boxes
    FROM subject_market
    GROUP BY subject_id
)
SELECT
    h.subject_id AS subject_id, h.week AS week, m.marketed_presentations AS marketed_presentations,
    COUNT(CASE WHEN s.is_marketed THEN 1 END) AS covered_presentations,
    CASE WHEN m.marketed_boxes > 0 THEN m.sales_link ELSE 'présentations' END AS covered_share_of,
    CASE
        WHEN m.marketed_boxes > 0
            THEN exact_ratio(100 * SUM(CASE WHEN s.is_marketed THEN s.outside_boxes ELSE 0 END), m.marketed_boxes)
        ELSE exact_ratio(100 * COUNT(CASE WHEN s.is_marketed THEN 1 END), m.marketed_presentations)
    END AS covered_share_pct
FROM held AS h
INNER JOIN subject_market AS s ON s.subject_id = h.subject_id AND s.cip13 = h.cip13
INNER JOIN marketed AS m ON m.subject_id = h.subject_id
GROUP BY h.subject_id, h.week, m.marketed_presentations, m.sales_link, m.marketed_boxes;

-- Over 100 lines on purpose: what is summed, what is missing from it and the state they give are read together.
-- What all members sold per day of the presentations in the wholesalers' sum; only when each one is reported.
CREATE TEMP TABLE member_demand AS
WITH counted AS (
    SELECT DISTINCT subject_id, week, cip13
    FROM declarant_demand
    WHERE link = 'grossistes' AND NOT is_out AND (stock_boxes > 0 OR current_weekly_boxes > 0)
),
reference_sum AS (
    SELECT
        c.subject_id, c.week, COUNT(*) AS presentations, COUNT(m.cip13) AS reference_presentations,
        SUM(exact_mean(exact_boxes(m.boxes), m.days)) AS daily_boxes, MIN(m.from_on) AS from_on,
        MAX(m.until_on) AS until_on, COUNT(DISTINCT CAST(m.from_on AS VARCHAR) || m.until_on) AS periods
    FROM counted AS c
    LEFT JOIN member_reference AS m ON m.cip13 = c.cip13
    GROUP BY c.subject_id, c.week
)
SELECT
    subject_id, week,
    CASE WHEN reference_presentations = presentations THEN NULLIF(daily_boxes, 0) END AS members_daily_boxes,
    CASE
        WHEN reference_presentations < presentations
            THEN 'ventes de tous les adhérents reçues pour ' || reference_presentations || CASE
                WHEN reference_presentations < 2 THEN ' présentation sur ' ELSE ' présentations sur ' END
                || presentations
                || ' : non retenues'
        ELSE 'ventes de tous les adhérents ' || CASE WHEN periods > 1 THEN 'sur plusieurs périodes, ' ELSE '' END
            || 'du ' || strftime(from_on, '%d/%m/%Y') || ' au ' || strftime(until_on, '%d/%m/%Y')
    END AS members_origin
FROM reference_sum
WHERE reference_presentations > 0;

-- Stocks and sales of the reports of a subject, summed, and the demand that the same reports make by either
-- denominator. Read by ``coverage_weekly``, whose header gives the rules.
CREATE TEMP TABLE link_demand AS
WITH summed AS (
    SELECT
        l.subject_id AS subject_id, l.link AS link, l.week AS week,
        SUM(CASE WHEN NOT l.is_out THEN l.stock_boxes END) AS stock_boxes,
        SUM(CASE WHEN NOT l.is_out THEN l.sales_boxes END) AS sales_boxes,
        SUM(CASE WHEN NOT l.is_out THEN l.usual_monthly_sales_boxes END) AS usual_monthly_sales_boxes,
        SUM(CASE WHEN NOT l.is_out THEN
            COALESCE(monthly_to_weekly(l.usual_monthly_sales_boxes), l.year_weekly_boxes) END)
            AS usual_weekly_boxes,
        SUM(CASE WHEN NOT l.is_out THEN l.current_weekly_boxes END) AS current_weekly_boxes,
        SUM(CASE WHEN NOT l.is_out THEN l.year_weekly_boxes END) AS year_weekly_boxes,
        SUM(CASE WHEN NOT l.is_out THEN l.legal_covered_boxes END) AS legal_covered_boxes,
        MAX(CASE WHEN NOT l.is_out THEN l.legal_covered_weeks END) AS legal_covered_weeks,
        SUM(l.current_weekly_boxes) AS whole_weekly_boxes,
        COUNT(CASE WHEN l.is_out OR l.age_weeks > 0 THEN 1 END) AS missing_lines,
        SUM(CASE WHEN l.is_out OR l.age_weeks > 0 THEN l.current_weekly_boxes END) AS missing_weekly_boxes,
        SUM(CASE WHEN l.is_left_out THEN l.current_weekly_boxes END) AS left_out_weekly_boxes,
        SUM(CASE WHEN l.is_out THEN l.current_weekly_boxes END) AS out_weekly_boxes,
        MAX(CASE WHEN NOT l.is_out THEN l.gap_weeks END) AS worst_gap_weeks,
        MAX(CASE WHEN NOT l.is_out THEN l.age_weeks END) AS worst_age_weeks,
        MIN(CASE WHEN NOT l.is_out THEN l.due_weeks END) AS due_weeks,
        distinct_names(CASE WHEN NOT l.is_out THEN l.rhythm END) AS rhythm,
        distinct_names(CASE WHEN NOT l.is_out THEN source_name(l.source_key) END) AS sources,
        COUNT(CASE WHEN NOT l.is_out THEN l.four_weekly_boxes END) AS four_lines,
        COUNT(CASE WHEN NOT l.is_out AND l.four_weekly_boxes IS NULL THEN l.current_weekly_boxes END) AS weekly_lines,
        COUNT(CASE WHEN NOT l.is_out THEN l.declared_weekly_boxes END) AS declared_lines,
        distinct_names(CASE WHEN l.gap_weeks = 0 AND l.age_weeks > 0 THEN
            l.participant || ' (' || l.rhythm || ', ' || 7 * l.age_weeks || ' j)' END) AS carried_names,
        COUNT(CASE WHEN l.is_out THEN 1 END) AS out_lines,
        COUNT(DISTINCT CASE WHEN NOT l.is_out THEN l.participant END) AS participants,
        distinct_names(CASE WHEN l.gap_weeks > 0 AND NOT l.is_left_out THEN l.participant END) AS missing_names,
        distinct_names(CASE WHEN l.is_held THEN l.participant END) AS held_names,
        -- Denominations hold commas: another sign separates them.
        STRING_AGG(
            DISTINCT CASE WHEN l.is_left_out THEN left_out_name(b.denomination, l.cip13, l.participant) END, ' ; '
            ORDER BY CASE WHEN l.is_left_out THEN left_out_name(b.denomination, l.cip13, l.participant) END
        ) AS left_out_names,
        -- Weeks beyond what is carried are in no mean: the demand stands on fewer weeks than its window.
        distinct_names(CASE WHEN NOT l.is_out
            AND CASE d.denominator WHEN 'legal' THEN l.legal_torn ELSE l.current_torn END > 0 THEN l.participant END)
            AS torn_names
    FROM declarant_demand AS l
    INNER JOIN subject_band AS d ON d.subject_id = l.subject_id AND d.link = l.link
    LEFT JOIN presentation AS b ON b.cip13 = l.cip13
    GROUP BY l.subject_id, l.link, l.week
    -- No measurement was due that week: the subject has its own, slower rhythm.
    HAVING COUNT(CASE WHEN l.age_weeks = 0 OR l.gap_weeks > 0 THEN 1 END) > 0
),
decided AS (
    -- Of two decisions that overlap, the one that began last is in force.
    SELECT
        s.subject_id AS subject_id, s.link AS link, s.week AS week,
        MAX_BY(exact_boxes(m.monthly_boxes), m.since) AS monthly_boxes, MAX_BY(m.reason, m.since) AS reason
    FROM summed AS s
    INNER JOIN manual_reference AS m
        ON m.subject_id = s.subject_id AND m.link = s.link
        AND m.since <= s.week AND (m.until IS NULL OR m.until >= s.week)
    GROUP BY s.subject_id, s.link, s.week
),
judged AS (
    SELECT
        s.*, m.monthly_boxes, m.reason, c.marketed_presentations, c.covered_presentations, c.covered_share_pct,
        c.covered_share_of, a.members_daily_boxes, a.members_origin,
        CASE WHEN b.denominator = 'members' AND a.members_daily_boxes IS NULL THEN 'current' ELSE b.denominator END
            AS denominator,
        -- Nothing missing has no share; something missing without demand is 0 %.
        CASE WHEN s.missing_lines > 0 THEN exact_ratio(100 * s.missing_weekly_boxes, s.whole_weekly_boxes) END
            AS missing_share_pct,
        exact_ratio(100 * s.left_out_weekly_boxes, s.whole_weekly_boxes) AS left_out_share_pct,
        -- The mean length of the histories, each weighing its demand: a newcomer does not make twelve months.
        COALESCE(exact_ratio(s.legal_covered_boxes, s.year_weekly_boxes), s.legal_covered_weeks, 0) >= p.legal_min_weeks
            AS has_year,
        s.worst_gap_weeks IS NULL OR s.worst_gap_weeks > p.carry_weeks
        OR COALESCE(100 * s.out_weekly_boxes > p.left_out_share_pct * s.whole_weekly_boxes, FALSE) AS is_late,
        COALESCE(c.covered_share_pct < p.complete_share_pct, FALSE) AS is_uncovered
    FROM summed AS s
    CROSS JOIN parameter AS p
    INNER JOIN subject_band AS b ON b.subject_id = s.subject_id AND b.link = s.link
    LEFT JOIN link_cover AS c ON s.link = 'exploitants' AND c.subject_id = s.subject_id AND c.week = s.week
    LEFT JOIN member_demand AS a ON s.link = 'grossistes' AND a.subject_id = s.subject_id AND a.week = s.week
    LEFT JOIN decided AS m ON m.subject_id = s.subject_id AND m.link = s.link AND m.week = s.week
)
SELECT
    j.*,
    -- Nothing left, and nothing sold for that reason: a demand of the year is not met, whatever the last weeks say.
    COALESCE(j.stock_boxes = 0 AND j.year_weekly_boxes > 0, FALSE) AND COALESCE(j.current_weekly_boxes, 0) = 0
        AS is_empty,
    CASE
        WHEN j.monthly_boxes IS NOT NULL THEN monthly_to_weekly(j.monthly_boxes)
        WHEN j.has_year THEN j.year_weekly_boxes
        WHEN j.usual_monthly_sales_boxes > 0 THEN j.usual_weekly_boxes
    END AS legal_weekly_boxes,
    CASE
        WHEN j.monthly_boxes IS NOT NULL THEN 'référence manuelle : ' || j.reason
        WHEN j.has_year THEN 'ventes des 12 mois glissants' || CASE
            WHEN j.declared_lines > 0 THEN ' ; ventes habituelles déclarées pour les relevés espacés' ELSE '' END
        WHEN j.usual_monthly_sales_boxes > 0 THEN 'ventes habituelles déclarées'
    END AS legal_origin,
    CASE
        WHEN j.four_lines = 0 THEN 'ventes hebdomadaires'
        WHEN j.weekly_lines = 0 THEN 'ventes des 4 dernières semaines déclarées'
        ELSE 'ventes hebdomadaires ; ventes des 4 dernières semaines déclarées pour les relevés espacés'
    END AS current_origin,
    CASE
        WHEN j.is_late THEN 'en_retard'
        WHEN j.out_lines > 0 OR j.is_uncovered THEN 'incomplet'
        WHEN j.worst_age_weeks > 0 OR j.torn_names IS NOT NULL THEN 'estime'
        ELSE 'a_jour'
    END AS figure_state
FROM judged AS j;
