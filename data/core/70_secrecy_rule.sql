-- De quels laboratoires chaque quantité est-elle faite, et combien en faut-il derrière un chiffre partagé ?
-- The one place where the bound is written. Only what is not zero stands behind a figure: an empty stock hides nobody.
CREATE TEMP MACRO stands_on_few(contributors, largest, total) AS
    contributors < (SELECT secrecy_min_laboratories FROM parameter)
    OR 100 * largest > (SELECT secrecy_max_share_pct FROM parameter) * total;

-- Who sells a box: who declares its stock, else the holder of the public referential. Boxes of nobody are one's.
CREATE TEMP TABLE box_owner AS
SELECT p.cip13 AS cip13, COALESCE(d.laboratory, p.holder, '?') AS laboratory
FROM presentation AS p
LEFT JOIN (
    SELECT cip13, MAX_BY(participant, week) AS laboratory FROM stock_reading WHERE link = 'exploitants' GROUP BY cip13
) AS d ON d.cip13 = p.cip13;

CREATE TEMP TABLE dispensed AS
SELECT week, cip13, region, boxes FROM last_line('openhealth_sales', (week, cip13, region));

-- Three series of boxes are summed over presentations; nothing else of the shared artefact is.
CREATE TEMP TABLE contribution AS
SELECT 'stock' AS series, week, cip13, participant AS laboratory, stock_boxes AS boxes, gap_weeks > 0 AS is_carried
FROM stock_week WHERE link = 'exploitants'
UNION ALL
SELECT 'ventes' AS series, week, cip13, participant AS laboratory, sales_boxes AS boxes, gap_weeks > 0 AS is_carried
FROM stock_week WHERE link = 'exploitants'
UNION ALL
SELECT 'dispensation' AS series, o.week, o.cip13, b.laboratory, SUM(o.boxes) AS boxes, FALSE AS is_carried
FROM dispensed AS o
INNER JOIN box_owner AS b ON b.cip13 = o.cip13
GROUP BY o.week, o.cip13, b.laboratory;

-- content: what the total is made of, box by box. Two totals of the same value may hide two different sums.
CREATE TEMP TABLE subject_total AS
SELECT
    c.series AS series, s.subject_id AS subject_id, c.week AS week, BOOL_OR(c.is_carried) AS is_carried,
    md5(STRING_AGG(
        c.cip13 || ' ' || CAST(CAST(c.boxes AS DECIMAL(18, 3)) AS VARCHAR), ' ' ORDER BY c.cip13, c.laboratory, c.boxes
    )) AS content
FROM contribution AS c
INNER JOIN subject_presentation AS s ON s.cip13 = c.cip13
GROUP BY c.series, s.subject_id, c.week;
