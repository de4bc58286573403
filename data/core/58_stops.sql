-- Quels arrêts de commercialisation sont annoncés, et de quelles présentations ?
-- The last line received of a number is in force: a date that moves comes as a new line.
CREATE TABLE stop_intention AS
SELECT
    stop_no, declared_on, laboratory, cis, cip13, stop_on, reason, share_town_pct, share_hospital_pct, review,
    alternatives,
    announcements, first_stop_on
FROM last_line('arrets_intention', stop_no)
INNER JOIN (
    SELECT stop_no, COUNT(*) AS announcements, FIRST(stop_on ORDER BY load_id, line) AS first_stop_on
    FROM arrets_intention
    GROUP BY stop_no
) AS announced USING (stop_no)
ORDER BY stop_no;

-- A line names one box, or a whole speciality.
CREATE TEMP TABLE stop_presentation AS
SELECT s.stop_no AS stop_no, s.stop_on AS stop_on, p.cip13 AS cip13, p.cis AS cis
FROM stop_intention AS s
INNER JOIN presentation AS p ON p.cip13 = s.cip13 OR (s.cip13 IS NULL AND p.cis = s.cis);

-- What the rules of the medical review look at: procedure, conditions of prescription, generic or not, what remains.
CREATE TEMP TABLE stop_fact AS
WITH photograph AS (
    SELECT 'generic' AS kind, MAX_BY(load_id, CAST(photograph_on AS VARCHAR) || load_id) AS load_id FROM bdpm_generic
    UNION ALL
    SELECT 'dispensing' AS kind, MAX_BY(load_id, CAST(photograph_on AS VARCHAR) || load_id) AS load_id
    FROM bdpm_dispensing
),
procedure_of AS (
    SELECT s.cis, MIN(folded(COALESCE(s.procedure, ''))) AS words
    FROM bdpm_speciality AS s
    INNER JOIN in_force AS f ON f.kind = 'speciality' AND f.load_id = s.load_id
    GROUP BY s.cis
),
generic_of AS (
    -- 0 is the reference speciality of its group.
    SELECT g.cis
    FROM bdpm_generic AS g
    INNER JOIN photograph AS f ON f.kind = 'generic' AND f.load_id = g.load_id
    GROUP BY g.cis
    HAVING MIN(g.generic_type) <> '0'
),
condition_of AS (
    SELECT d.cis, STRING_AGG(folded(d.condition), ' ; ' ORDER BY d.condition) AS words
    FROM bdpm_dispensing AS d
    INNER JOIN photograph AS f ON f.kind = 'dispensing' AND f.load_id = d.load_id
    GROUP BY d.cis
),
left_on_sale AS (
    -- Another box of the speciality that does not stop by that day.
    SELECT DISTINCT i.stop_no
    FROM stop_intention AS i
    INNER JOIN presentation AS mine ON mine.cip13 = i.cip13
    INNER JOIN presentation AS other ON other.cis = mine.cis AND other.cip13 <> mine.cip13
    ANTI JOIN stop_presentation AS g ON g.cip13 = other.cip13 AND g.stop_on <= i.stop_on
    WHERE NOT is_withdrawn(other.marketing_state)
)
SELECT
    s.stop_no, folded(COALESCE(b.dci, '')) AS substances, p.words AS procedure_words, c.words AS condition_words,
    EXISTS (SELECT 1 FROM condition_of) AS knows_conditions, g.cis IS NOT NULL AS is_generic,
    l.stop_no IS NOT NULL AS leaves_a_box
FROM (SELECT stop_no, MIN(cis) AS cis FROM stop_presentation GROUP BY stop_no) AS s
INNER JOIN speciality AS b ON b.cis = s.cis
LEFT JOIN procedure_of AS p ON p.cis = s.cis
LEFT JOIN condition_of AS c ON c.cis = s.cis
LEFT JOIN generic_of AS g ON g.cis = s.cis
LEFT JOIN left_on_sale AS l ON l.stop_no = s.stop_no;

-- Rules that hold of each stop; the first in the order of the file decides (``stop_register``).
CREATE TEMP TABLE stop_rule_met AS
SELECT f.stop_no, r.order_no, r.key, r.effect, r.label, r.over_mitm, r.over_share
FROM stop_fact AS f
CROSS JOIN stop_rule AS r
WHERE CASE r.fact
    WHEN 'procedure' THEN REGEXP_MATCHES(COALESCE(f.procedure_words, ''), r.pattern)
    WHEN 'substance' THEN REGEXP_MATCHES(f.substances, r.pattern)
    WHEN 'sans_condition'
        THEN f.knows_conditions AND NOT REGEXP_MATCHES(COALESCE(f.condition_words, ''), r.pattern)
    WHEN 'presentation_restante' THEN f.leaves_a_box
    WHEN 'generique' THEN f.is_generic
    ELSE FALSE
END;

-- Stock and current demand of each presentation at its laboratories, as in coverage; not reported lately, not there.
CREATE TEMP VIEW presentation_market AS
WITH line AS (
    -- One presentation is in several subjects, its current demand is the same in each.
    SELECT DISTINCT w.cip13, w.participant, w.gap_weeks, w.age_weeks, w.stock_boxes, w.current_weekly_boxes
    FROM declarant_demand AS w
    INNER JOIN newest_week AS n ON n.link = w.link AND n.week = w.week
    WHERE w.link = 'exploitants'
),
held AS (
    SELECT
        cip13, MAX(gap_weeks) AS gap_weeks, MAX(age_weeks) AS age_weeks, SUM(stock_boxes) AS stock_boxes,
        exact_mean(SUM(current_weekly_boxes), 7) AS daily_boxes, distinct_names(participant) AS laboratory
    FROM line
    GROUP BY cip13
)
SELECT
    h.cip13, h.laboratory, h.stock_boxes, h.daily_boxes,
    CASE WHEN h.age_weeks > 0 THEN 'estime' ELSE 'a_jour' END AS figure_state
FROM held AS h
CROSS JOIN parameter AS p
WHERE h.gap_weeks <= p.carry_weeks AND h.daily_boxes IS NOT NULL;

-- What may replace what stops: the same substances, a route in common, forms taken the same way. ``stops_on``: it stops
-- too, later.
CREATE TEMP VIEW stop_remaining AS
WITH remaining AS (
    SELECT DISTINCT s.stop_no AS stop_no, s.stop_on AS stop_on, p.cip13 AS cip13, o.form_kind AS form_kind
    FROM stop_presentation AS s
    INNER JOIN speciality_use AS u ON u.cis = s.cis
    INNER JOIN speciality_use AS o
        ON o.dci_key = u.dci_key AND o.form_kind = u.form_kind AND list_has_any(o.routes, u.routes)
    INNER JOIN presentation AS p ON p.cis = o.cis
    WHERE NOT is_withdrawn(p.marketing_state)
)
SELECT r.stop_no, r.cip13, r.form_kind, MIN(e.stop_on) AS stops_on
FROM remaining AS r
ANTI JOIN stop_presentation AS g ON g.cip13 = r.cip13 AND g.stop_on <= r.stop_on
LEFT JOIN stop_presentation AS e ON e.cip13 = r.cip13
GROUP BY r.stop_no, r.cip13, r.form_kind;

-- What each stop takes away: names, lists, and its part of a year of sales of the DCI.
CREATE TEMP TABLE stop_reach AS
WITH stopped AS (
    SELECT
        s.stop_no, COUNT(*) AS presentations, MIN(p.cis) AS cis, MIN(p.denomination) AS denomination,
        MIN(p.label) AS presentation_label, MIN(p.dci) AS dci, MIN(p.dci_key) AS dci_key, MIN(p.atc) AS atc,
        MAX(CASE WHEN p.is_mitm THEN 1 ELSE 0 END) = 1 AS is_mitm
    FROM stop_presentation AS s
    INNER JOIN presentation AS p ON p.cip13 = s.cip13
    GROUP BY s.stop_no
),
listed AS (
    SELECT s.stop_no, STRING_AGG(l.list, ', ' ORDER BY l.list) AS lists
    FROM stopped AS s
    INNER JOIN speciality_list AS l ON l.cis = s.cis
    GROUP BY s.stop_no
),
sold AS (
    SELECT p.dci_key AS dci_key, r.cip13 AS cip13, SUM(r.boxes) AS boxes
    FROM period_sales AS r
    INNER JOIN presentation AS p ON p.cip13 = r.cip13 AND r.subject_id = 'dci:' || p.dci_key
    WHERE r.link = 'exploitants'
    GROUP BY p.dci_key, r.cip13
),
dci_sold AS (
    SELECT dci_key, SUM(boxes) AS boxes FROM sold GROUP BY dci_key
),
stop_sold AS (
    SELECT s.stop_no, SUM(q.boxes) AS boxes
    FROM stop_presentation AS s
    LEFT JOIN sold AS q ON q.cip13 = s.cip13
    GROUP BY s.stop_no
),
other_stop AS (
    SELECT a.stop_no, COUNT(DISTINCT b.stop_no) AS other_stops
    FROM stopped AS a
    INNER JOIN stopped AS b ON b.dci_key = a.dci_key AND b.stop_no <> a.stop_no
    GROUP BY a.stop_no
)
SELECT
    i.stop_no, d.stop_no IS NOT NULL AS is_known, d.presentations, d.cis, d.denomination, d.presentation_label, d.dci,
    d.dci_key,
    d.atc, COALESCE(d.is_mitm, FALSE) AS is_mitm, l.lists, q.boxes AS year_boxes,
    exact_ratio(100 * q.boxes, t.boxes) AS sales_share_pct, COALESCE(x.other_stops, 0) AS other_stops
FROM stop_intention AS i
LEFT JOIN stopped AS d ON d.stop_no = i.stop_no
LEFT JOIN listed AS l ON l.stop_no = i.stop_no
LEFT JOIN stop_sold AS q ON q.stop_no = i.stop_no
LEFT JOIN dci_sold AS t ON t.dci_key = d.dci_key
LEFT JOIN other_stop AS x ON x.stop_no = i.stop_no;
