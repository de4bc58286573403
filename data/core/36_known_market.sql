-- Quelles présentations d'un sujet sont commercialisées, et lesquelles sait-on vendues par ailleurs ?
-- Laboratories that never reported are in no stock: only the referential, and sales known from others, show them.
CREATE TEMP TABLE dispensed AS
SELECT week, cip13, region, exact_boxes(boxes) AS boxes
FROM last_line('openhealth_sales', (week, cip13, region));

-- A year of sales of each presentation, as others report them: what pharmacies dispense, what wholesalers sell.
CREATE TEMP TABLE outside_sales AS
SELECT s.subject_id AS subject_id, 'officines' AS sales_link, o.cip13 AS cip13, SUM(o.boxes) AS boxes
FROM dispensed AS o
INNER JOIN subject_presentation AS s ON s.cip13 = o.cip13
CROSS JOIN parameter AS p
WHERE o.week > (SELECT MAX(week) FROM dispensed) - week_days(p.legal_weeks)
GROUP BY s.subject_id, o.cip13
UNION ALL
SELECT r.subject_id AS subject_id, 'grossistes' AS sales_link, r.cip13 AS cip13, SUM(r.boxes) AS boxes
FROM period_sales AS r
WHERE r.link = 'grossistes'
GROUP BY r.subject_id, r.cip13;

-- Pharmacies see a whole market, wholesalers what goes through them: the first with a sale of the subject is used.
CREATE TEMP TABLE subject_market AS
WITH best_link AS (
    SELECT subject_id, MAX(CASE sales_link WHEN 'officines' THEN 2 ELSE 1 END) AS best
    FROM outside_sales
    WHERE boxes > 0
    GROUP BY subject_id
)
SELECT
    s.subject_id AS subject_id, s.cip13 AS cip13,
    is_marketed(p.marketing_state) AS is_marketed,
    CASE t.best WHEN 2 THEN 'officines' WHEN 1 THEN 'grossistes' END AS sales_link,
    CASE WHEN t.best IS NOT NULL THEN COALESCE(o.boxes, 0) END AS outside_boxes
FROM subject_presentation AS s
INNER JOIN presentation AS p ON p.cip13 = s.cip13
LEFT JOIN best_link AS t ON t.subject_id = s.subject_id
LEFT JOIN outside_sales AS o
    ON o.subject_id = s.subject_id AND o.cip13 = s.cip13
    AND o.sales_link = CASE t.best WHEN 2 THEN 'officines' WHEN 1 THEN 'grossistes' END;
