-- Quels fichiers publics de remboursement font foi, et que disent-ils de chaque présentation ?
-- A half-year of Medic'AM is published again each month: of a month, the file that goes furthest is in force, then the
-- last one received. Lines of one file for one presentation (two rates in one month) are added.
CREATE TEMP TABLE medicam_in_force AS
WITH reach AS (
    SELECT load_id, MAX(month) AS last_month FROM medicam_sales GROUP BY load_id
)
SELECT
    m.month AS month, m.prescriber AS prescriber,
    MAX_BY(m.load_id, CAST(r.last_month AS VARCHAR) || m.load_id) AS load_id
FROM (SELECT DISTINCT month, prescriber, load_id FROM medicam_sales) AS m
INNER JOIN reach AS r ON r.load_id = m.load_id
GROUP BY m.month, m.prescriber;

CREATE TEMP TABLE medicam_month AS
SELECT month AS month, ROW_NUMBER() OVER (ORDER BY month DESC) AS rank, MAX(month) OVER () AS last_month
FROM medicam_in_force
WHERE prescriber = 'tous';

CREATE TEMP TABLE medicam_box AS
SELECT
    m.month AS month, m.cip13 AS cip13, MIN(m.label) AS label,
    SUM(CASE WHEN m.prescriber = 'tous' THEN exact_boxes(m.boxes) END) AS boxes,
    SUM(CASE WHEN m.prescriber = 'ville' THEN exact_boxes(m.boxes) END) AS town_boxes,
    SUM(CASE WHEN m.prescriber = 'hopital' THEN exact_boxes(m.boxes) END) AS hospital_boxes,
    SUM(CASE WHEN m.prescriber = 'tous' THEN CAST(m.base_eur AS DECIMAL(18, 2)) END) AS base_eur,
    SUM(CASE WHEN m.prescriber = 'tous' THEN CAST(m.reimbursed_eur AS DECIMAL(18, 2)) END) AS reimbursed_eur
FROM medicam_sales AS m
INNER JOIN medicam_in_force AS f ON f.month = m.month AND f.prescriber = m.prescriber AND f.load_id = m.load_id
GROUP BY m.month, m.cip13;

-- Each subject on every month known: a month of the file without a line of the subject is a month without a box.
CREATE TEMP TABLE reimbursed_subject_month AS
WITH summed AS (
    SELECT
        s.subject_id AS subject_id, b.month AS month, SUM(b.boxes) AS boxes, SUM(b.town_boxes) AS town_boxes,
        SUM(b.hospital_boxes) AS hospital_boxes, SUM(b.base_eur) AS base_eur, SUM(b.reimbursed_eur) AS reimbursed_eur,
        COUNT(CASE WHEN b.boxes <> 0 THEN 1 END) AS presentations
    FROM subject_presentation AS s
    INNER JOIN medicam_box AS b ON b.cip13 = s.cip13
    GROUP BY s.subject_id, b.month
)
SELECT
    k.subject_id AS subject_id, m.month AS month, m.rank AS rank, COALESCE(s.boxes, 0) AS boxes,
    s.town_boxes AS town_boxes, s.hospital_boxes AS hospital_boxes, COALESCE(s.base_eur, 0) AS base_eur,
    COALESCE(s.reimbursed_eur, 0) AS reimbursed_eur, COALESCE(s.presentations, 0) AS presentations
FROM (SELECT DISTINCT subject_id FROM summed) AS k
CROSS JOIN medicam_month AS m
LEFT JOIN summed AS s ON s.subject_id = k.subject_id AND s.month = m.month;

-- Of a year of Open Medic, the last file received.
CREATE TEMP TABLE openmedic_in_force AS
SELECT year AS year, MAX(load_id) AS load_id FROM openmedic_sales GROUP BY year;

CREATE TEMP TABLE openmedic_box AS
SELECT
    o.year AS year, o.cip13 AS cip13, o.region AS region, o.age AS age, o.sex AS sex, MIN(o.label) AS label,
    SUM(exact_boxes(o.boxes)) AS boxes, SUM(CAST(o.base_eur AS DECIMAL(18, 2))) AS base_eur,
    SUM(CAST(o.reimbursed_eur AS DECIMAL(18, 2))) AS reimbursed_eur
FROM openmedic_sales AS o
INNER JOIN openmedic_in_force AS f ON f.year = o.year AND f.load_id = o.load_id
GROUP BY o.year, o.cip13, o.region, o.age, o.sex;

-- Corsica is counted with Provence in the years that have no line of its own; overseas is one region.
CREATE TEMP TABLE openmedic_region AS
WITH every AS (
    SELECT
        region AS region, MIN(region_name) AS region_name, SUM(population) AS inhabitants,
        COUNT(*) = COUNT(population) AS is_whole
    FROM department
    GROUP BY region
),
overseas AS (
    SELECT SUM(population) AS inhabitants, COUNT(*) = COUNT(population) AS is_whole
    FROM department
    WHERE region IN ('01', '02', '03', '04', '06')
),
corsica AS (
    SELECT y.year AS year, COUNT(b.year) > 0 AS is_apart
    FROM openmedic_in_force AS y
    LEFT JOIN (SELECT DISTINCT year FROM openmedic_box WHERE region = '94') AS b ON b.year = y.year
    GROUP BY y.year
)
SELECT
    c.year AS year, e.region AS region,
    e.region_name || CASE WHEN e.region = '93' AND NOT c.is_apart THEN ' et Corse' ELSE '' END AS region_name,
    CASE WHEN e.is_whole THEN e.inhabitants END
    + CASE WHEN e.region = '93' AND NOT c.is_apart THEN i.inhabitants ELSE 0 END AS inhabitants
FROM corsica AS c
CROSS JOIN every AS e
INNER JOIN every AS i ON i.region = '94'
WHERE e.region NOT IN ('01', '02', '03', '04', '06') AND (e.region <> '94' OR c.is_apart)
UNION ALL
SELECT
    c.year AS year, '5' AS region, 'Outre-mer' AS region_name,
    CASE WHEN o.is_whole THEN o.inhabitants END AS inhabitants
FROM corsica AS c
CROSS JOIN overseas AS o
UNION ALL
SELECT c.year AS year, '99' AS region, 'Région inconnue' AS region_name, NULL AS inhabitants
FROM corsica AS c;

-- Of a year of beneficiaries, of a grain (country, region…), the last file received.
CREATE TEMP TABLE openmedic_person AS
WITH grains AS (
    SELECT
        year AS year, load_id AS load_id, cip13 AS cip13, region AS region, beneficiaries AS beneficiaries,
        CONCAT_WS(
            ' ', CASE WHEN region IS NOT NULL THEN 'region' END, CASE WHEN age IS NOT NULL THEN 'age' END,
            CASE WHEN sex IS NOT NULL THEN 'sex' END
        ) AS grain
    FROM openmedic_beneficiary
)
SELECT g.year AS year, g.cip13 AS cip13, g.region AS region, g.beneficiaries AS beneficiaries
FROM grains AS g
INNER JOIN (SELECT year, grain, MAX(load_id) AS load_id FROM grains GROUP BY year, grain) AS f
    ON f.year = g.year AND f.grain = g.grain AND f.load_id = g.load_id
WHERE g.grain IN ('', 'region');

-- Of a year of Rétroced'AM, the last file received.
CREATE TEMP TABLE retrocedam_year AS
SELECT
    r.year AS year, r.ucd AS ucd, MIN(r.label) AS label, SUM(CAST(r.units AS DECIMAL(18, 3))) AS units,
    SUM(CAST(r.base_eur AS DECIMAL(18, 2))) AS base_eur, SUM(CAST(r.reimbursed_eur AS DECIMAL(18, 2))) AS reimbursed_eur
FROM retrocedam_units AS r
INNER JOIN (SELECT year, MAX(load_id) AS load_id FROM retrocedam_units GROUP BY year) AS f
    ON f.year = r.year AND f.load_id = r.load_id
GROUP BY r.year, r.ucd, CASE WHEN r.ucd IS NULL THEN r.label END;

-- The first word of a public name, when it is that of one DCI only: « ABACAVIR 300MG CPR ».
CREATE TEMP TABLE first_word_dci AS
SELECT word AS word, MIN(dci_key) AS dci_key, MIN(dci) AS dci
FROM (
    SELECT DISTINCT REGEXP_EXTRACT(folded(denomination), '^[a-z][a-z-]{3,}') AS word, dci_key, dci
    FROM speciality
    WHERE dci_key IS NOT NULL
) AS named
WHERE word <> ''
GROUP BY word
HAVING COUNT(DISTINCT dci_key) = 1;
