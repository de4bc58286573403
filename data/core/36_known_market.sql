-- Quelles présentations d'un sujet sont commercialisées, et lesquelles sait-on vendues par ailleurs ?
-- Laboratories that never reported are in no stock: only the referential, and sales known from others, show them.
-- A line that leaves age, sex and origin empty is a total; one that fills some of them, a part of it (``cut``: which).
CREATE TEMP VIEW openhealth_total AS
SELECT * FROM openhealth_sales WHERE age IS NULL AND sex IS NULL AND origin IS NULL;

CREATE TEMP VIEW openhealth_part AS
SELECT
    *,
    concat_ws(
        '+', CASE WHEN age IS NOT NULL THEN 'age' END, CASE WHEN sex IS NOT NULL THEN 'sex' END,
        CASE WHEN origin IS NOT NULL THEN 'origin' END
    ) AS cut
FROM with_file('openhealth_sales')
WHERE age IS NOT NULL OR sex IS NOT NULL OR origin IS NOT NULL;

-- Lines of a file that could not be read, and that nobody has corrected since. Of an unreadable key, the presentation
-- is looked for, in any week.
CREATE TEMP TABLE openhealth_unread AS
WITH RECURSIVE chain AS (
    SELECT row_ref AS first_ref, row_ref AS last_ref FROM quarantine_row WHERE table_name = 'openhealth_sales'
    UNION
    SELECT c.first_ref, q.row_ref AS last_ref
    FROM chain AS c
    INNER JOIN quarantine_row AS q ON q.corrects = c.last_ref
),
answered AS (
    SELECT c.first_ref FROM chain AS c INNER JOIN correction_row AS r ON r.corrects = c.last_ref
)
SELECT DISTINCT
    q.load_id AS file_id, TRY_CAST(split_part(q.row_key, '|', 1) AS DATE) AS week,
    COALESCE(
        NULLIF(split_part(q.row_key, '|', 2), ''), REGEXP_EXTRACT(array_to_string(q.cells, ' '), '34009[0-9]{8}')
    ) AS cip13
FROM quarantine_row AS q
ANTI JOIN answered AS a ON a.first_ref = q.row_ref
WHERE q.table_name = 'openhealth_sales';

-- Parts of one cut are a whole: those of an earlier file, which may cut ages elsewhere, are not added to them. They are
-- one no longer when a line of the file for this week and presentation is missing (``is_short``).
CREATE TEMP TABLE dispensed_line AS
SELECT
    r.week, r.cip13, r.region, r.cut, LEN(string_split(r.cut, '+')) AS cuts, r.age, r.sex, r.origin, r.file_id,
    exact_boxes(r.boxes) AS boxes, exact_boxes(r.prescribed_boxes) AS prescribed_boxes,
    EXISTS (
        SELECT 1 FROM openhealth_unread AS u
        WHERE u.file_id = r.file_id AND u.cip13 = r.cip13 AND COALESCE(u.week, r.week) = r.week
    ) AS is_short
FROM (
    SELECT
        *, DENSE_RANK() OVER (PARTITION BY week, cip13, region, cut ORDER BY file_id DESC) AS file_rank,
        ROW_NUMBER() OVER (
            PARTITION BY week, cip13, region, age, sex, origin, file_id ORDER BY load_id DESC, line DESC
        ) AS line_rank
    FROM openhealth_part
) AS r
WHERE r.file_rank = 1 AND r.line_rank = 1;

CREATE TEMP VIEW dispensed_part AS
SELECT * EXCLUDE (is_short) FROM dispensed_line WHERE NOT is_short;

-- The same boxes may be cut by age, then by origin: of a week, a presentation and a region, one cut is added up, and
-- only where no total was received. The cut of the last file, the coarsest one first.
CREATE TEMP TABLE dispensed AS
WITH summed AS (
    SELECT
        week, cip13, region, SUM(boxes) AS boxes,
        CASE WHEN COUNT(*) = COUNT(prescribed_boxes) THEN SUM(prescribed_boxes) END AS prescribed_boxes,
        ROW_NUMBER() OVER (PARTITION BY week, cip13, region ORDER BY MAX(file_id) DESC, cuts, cut) AS rank
    FROM dispensed_part
    GROUP BY week, cip13, region, cut, cuts
),
total AS (
    SELECT
        week, cip13, region, exact_boxes(boxes) AS boxes, exact_boxes(prescribed_boxes) AS prescribed_boxes
    FROM last_line('openhealth_total', (week, cip13, region))
)
SELECT * FROM total
UNION ALL
SELECT s.week, s.cip13, s.region, s.boxes, s.prescribed_boxes
FROM summed AS s
ANTI JOIN total AS t ON t.week = s.week AND t.cip13 = s.cip13 AND t.region = s.region
WHERE s.rank = 1;

-- Sales that nothing whole tells: unknown, and with them the sum of the week.
CREATE TEMP TABLE dispensed_unknown AS
SELECT DISTINCT l.week, l.cip13
FROM dispensed_line AS l
ANTI JOIN dispensed AS d ON d.week = l.week AND d.cip13 = l.cip13 AND d.region = l.region
WHERE l.is_short;

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
