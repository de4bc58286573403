-- Sur quelles spécialités juger une DCI à l'intérieur d'une liste ?
-- Those of the DCI that share a route with one on the list: a list of specialities must not hide the other companies, a
-- list that holds for one route must not borrow the medicines of another.
CREATE TEMP TABLE anticipation_member AS
SELECT
    m.list, m.dci_key, m.cis, s.holder, SUBSTR(s.atc, 1, 5) AS atc_class,
    s.marketing_state = 'Commercialisée' AS is_marketed,
    m.needed_route IS NOT NULL AS is_needed_route
FROM (
    SELECT DISTINCT l.list AS list, u.dci_key AS dci_key, u.cis AS cis, u.needed_route AS needed_route
    FROM speciality_list AS l
    INNER JOIN speciality_use AS n ON n.cis = l.cis
    INNER JOIN speciality_use AS u ON u.dci_key = n.dci_key AND (u.cis = n.cis OR list_has_any(u.routes, n.routes))
) AS m
INNER JOIN speciality AS s ON s.cis = m.cis;

-- Months of the last two and three years whose declarations are known.
CREATE TEMP TABLE anticipation_known AS
SELECT
    COUNT(DISTINCT CASE WHEN c.month > date_trunc('month', p.as_of) - INTERVAL 24 MONTH THEN c.month END) AS months_24,
    COUNT(DISTINCT CASE WHEN c.month > date_trunc('month', p.as_of) - INTERVAL 36 MONTH THEN c.month END) AS months_36
FROM monthly_calendar AS c
CROSS JOIN parameter AS p;

CREATE TEMP TABLE anticipation_declared AS
SELECT m.list, m.dci_key,
    COUNT(CASE WHEN d.declared_on > p.as_of - INTERVAL 24 MONTH THEN 1 END) AS declarations_24,
    COUNT(*) AS declarations_36
FROM monthly_line AS d
INNER JOIN monthly_year AS y ON y.year = EXTRACT(YEAR FROM d.declared_on) AND y.source_key = d.source_key
INNER JOIN anticipation_member AS m ON m.cis = d.speciality_key
CROSS JOIN parameter AS p
WHERE NOT d.is_copy AND d.declared_on <= p.as_of AND d.declared_on > p.as_of - INTERVAL 36 MONTH
GROUP BY m.list, m.dci_key;

CREATE TEMP TABLE anticipation_held AS
SELECT
    list, dci_key, COUNT(DISTINCT CASE WHEN is_marketed THEN holder END) AS laboratories,
    COUNT(DISTINCT CASE WHEN is_marketed AND is_needed_route THEN cis END) AS route
FROM anticipation_member
GROUP BY list, dci_key;

-- A year of sales: the largest share of a laboratory, and boxes per month.
CREATE TEMP TABLE anticipation_market AS
WITH sold AS (
    SELECT m.list, m.dci_key, r.participant, SUM(r.boxes) AS boxes, MAX(r.period_weeks) AS weeks
    FROM period_sales AS r
    INNER JOIN presentation AS b ON b.cip13 = r.cip13
    INNER JOIN anticipation_member AS m ON m.cis = b.cis AND r.subject_id = 'dci:' || m.dci_key
    WHERE r.link = 'exploitants'
    GROUP BY m.list, m.dci_key, r.participant
)
SELECT
    list, dci_key, exact_ratio(100 * MAX(boxes), SUM(boxes)) AS largest_share,
    weekly_to_monthly(SUM(boxes) / MAX(weeks)) AS monthly_boxes
FROM sold
GROUP BY list, dci_key;

CREATE TEMP TABLE anticipation_treated AS
SELECT m.list, m.dci_key, MAX(h.town_patients) AS patients
FROM history_declaration AS h
INNER JOIN anticipation_member AS m ON m.cis = h.cis
GROUP BY m.list, m.dci_key;

-- Other DCI on the market in the same chemical subgroup (ATC code, five characters).
CREATE TEMP TABLE anticipation_replaced AS
WITH class_dci AS (
    SELECT DISTINCT SUBSTR(atc, 1, 5) AS atc_class, dci_key
    FROM speciality
    WHERE LENGTH(atc) >= 5 AND dci_key IS NOT NULL AND marketing_state = 'Commercialisée'
)
SELECT m.list, m.dci_key, COUNT(DISTINCT CASE WHEN c.dci_key <> m.dci_key THEN c.dci_key END) AS alternatives
FROM anticipation_member AS m
LEFT JOIN class_dci AS c ON c.atc_class = m.atc_class
WHERE LENGTH(m.atc_class) = 5
GROUP BY m.list, m.dci_key;

-- Sites of the marketed specialities, where statements describe enough of them: the narrowest step of production among
-- those that every statement describes, and how many specialities have one wholly outside the Union.
CREATE TEMP TABLE anticipation_sites AS
WITH member AS (
    SELECT list, dci_key, cis FROM anticipation_member WHERE is_marketed
),
described AS (
    SELECT m.list, m.dci_key, COUNT(*) AS specialities, COUNT(n.cis) AS stated
    FROM member AS m
    LEFT JOIN (SELECT DISTINCT cis FROM named_site) AS n ON n.cis = m.cis
    GROUP BY m.list, m.dci_key
),
step_of AS (
    SELECT
        m.list, m.dci_key, n.step, COUNT(DISTINCT n.site_key) AS sites, COUNT(DISTINCT n.cis) AS specialities
    FROM member AS m
    INNER JOIN named_site AS n ON n.cis = m.cis
    INNER JOIN making_step AS k ON k.step = n.step
    GROUP BY m.list, m.dci_key, n.step
),
outside AS (
    SELECT DISTINCT cis
    FROM (
        SELECT n.cis, n.step
        FROM named_site AS n
        INNER JOIN making_step AS k ON k.step = n.step
        GROUP BY n.cis, n.step
        HAVING COUNT(CASE WHEN n.is_in_union = FALSE THEN 1 END) = COUNT(*)
    ) AS made
)
SELECT
    d.list, d.dci_key, MIN(CASE WHEN s.specialities = d.stated THEN s.sites END) AS sites,
    MIN(exact_ratio(100 * o.outside, d.stated)) AS outside_union
FROM described AS d
CROSS JOIN parameter AS p
LEFT JOIN step_of AS s ON s.list = d.list AND s.dci_key = d.dci_key
LEFT JOIN (
    SELECT m.list, m.dci_key, COUNT(u.cis) AS outside
    FROM member AS m
    LEFT JOIN outside AS u ON u.cis = m.cis
    GROUP BY m.list, m.dci_key
) AS o ON o.list = d.list AND o.dci_key = d.dci_key
WHERE d.stated > 0 AND 100 * d.stated >= p.site_known_pct * d.specialities
GROUP BY d.list, d.dci_key;
