-- Que vend-on de chaque médicament, en ville et à l'hôpital, d'après la meilleure source reçue ?
-- The order of reference: sales that laboratories declare to the agency (Octave, a whole year), then GERS (twelve
-- months), then boxes reimbursed (Medic'AM, in town, by holder).
CREATE TEMP TABLE gers_line AS
SELECT * FROM last_line('gers_sales', (month_on, cip13_or_ucd, circuit));

CREATE TEMP TABLE gers_period AS
SELECT
    l.circuit AS circuit, l.last_month AS last_month, MIN(g.month_on) AS first_month,
    COUNT(DISTINCT g.month_on) AS months
FROM (SELECT circuit, MAX(month_on) AS last_month FROM gers_line GROUP BY circuit) AS l
INNER JOIN gers_line AS g ON g.circuit = l.circuit AND g.month_on > l.last_month - INTERVAL 12 MONTH
GROUP BY l.circuit, l.last_month;

CREATE TEMP TABLE market_sale AS
WITH octave AS (
    SELECT o.*
    FROM last_line('octave_sales', (year, cip13, circuit, territory)) AS o
    CROSS JOIN parameter AS p
    WHERE o.year < YEAR(p.as_of)
),
octave_year AS (
    SELECT MAX(year) AS year FROM octave
)
SELECT
    s.subject_id AS subject_id, o.circuit AS circuit, 1 AS rank, 'octave' AS source_key,
    make_date(o.year, 1, 1) AS first_month, make_date(o.year, 12, 1) AS last_month, o.laboratory AS laboratory,
    o.cip13 AS cip13, 'boîtes' AS unit, exact_boxes(o.boxes) AS quantity
FROM octave AS o
INNER JOIN octave_year AS y ON y.year = o.year
INNER JOIN subject_presentation AS s ON s.cip13 = o.cip13
UNION ALL
SELECT
    s.subject_id AS subject_id, g.circuit AS circuit, 2 AS rank, 'gers' AS source_key, p.first_month AS first_month,
    p.last_month AS last_month, COALESCE(g.laboratory, 'Laboratoire non écrit') AS laboratory,
    g.cip13_or_ucd AS cip13, 'boîtes' AS unit, exact_boxes(g.units) AS quantity
FROM gers_line AS g
INNER JOIN gers_period AS p ON p.circuit = g.circuit AND g.month_on >= p.first_month
INNER JOIN subject_presentation AS s ON s.cip13 = g.cip13_or_ucd
WHERE g.circuit = 'ville'
UNION ALL
SELECT
    s.subject_id AS subject_id, g.circuit AS circuit, 2 AS rank, 'gers' AS source_key, p.first_month AS first_month,
    p.last_month AS last_month, COALESCE(g.laboratory, 'Laboratoire non écrit') AS laboratory,
    CAST(NULL AS VARCHAR) AS cip13, 'UCD' AS unit, exact_boxes(g.units) AS quantity
FROM gers_line AS g
INNER JOIN gers_period AS p ON p.circuit = g.circuit AND g.month_on >= p.first_month
INNER JOIN hospital_subject AS s ON s.written = g.cip13_or_ucd AND s.form IS NOT DISTINCT FROM g.label
WHERE g.circuit = 'hôpital'
UNION ALL
SELECT
    s.subject_id AS subject_id, 'ville' AS circuit, 3 AS rank, 'medicam' AS source_key,
    MIN(m.month) OVER () AS first_month, MAX(m.month) OVER () AS last_month,
    TRIM(p.holder) AS laboratory, b.cip13 AS cip13, 'boîtes' AS unit, b.boxes AS quantity
FROM medicam_box AS b
INNER JOIN medicam_month AS m ON m.month = b.month AND m.rank <= 12
INNER JOIN subject_presentation AS s ON s.cip13 = b.cip13
INNER JOIN presentation AS p ON p.cip13 = b.cip13
WHERE b.boxes > 0;

-- Of each subject and circuit, the first source with a sale.
CREATE TEMP TABLE market_reference AS
SELECT m.*, SUM(m.quantity) OVER (PARTITION BY m.subject_id, m.circuit) AS whole
FROM market_sale AS m
INNER JOIN (
    SELECT subject_id, circuit, MIN(rank) AS rank FROM market_sale WHERE quantity > 0 GROUP BY subject_id, circuit
) AS b ON b.subject_id = m.subject_id AND b.circuit = m.circuit AND b.rank = m.rank;

-- What hospitals buy in a day, all of them: mean of the last twelve months of GERS, in units.
CREATE TEMP TABLE hospital_demand AS
SELECT
    m.subject_id AS subject_id, m.last_month AS last_month, p.months AS months,
    exact_ratio(monthly_to_daily(SUM(m.quantity)), p.months) AS daily_units
FROM market_sale AS m
INNER JOIN gers_period AS p ON p.circuit = 'hôpital'
WHERE m.source_key = 'gers' AND m.circuit = 'hôpital'
GROUP BY m.subject_id, m.last_month, p.months;
