-- Quelles déclarations compte un tableau de bord mensuel, et de quelle source ?
-- First and last version of each TrustMed declaration, closed since the first version of its last closed run.
CREATE TEMP TABLE declaration_course AS
WITH marked AS (
    SELECT
        v.*,
        ROW_NUMBER() OVER (PARTITION BY declaration_no ORDER BY version_no) AS first_rank,
        ROW_NUMBER() OVER (PARTITION BY declaration_no ORDER BY version_no DESC) AS last_rank,
        MAX(CASE WHEN status <> 'close' THEN version_no ELSE 0 END) OVER (PARTITION BY declaration_no) AS last_open_no
    FROM declaration_version AS v
)
SELECT
    declaration_no,
    MIN(version_on) AS declared_on,
    MIN(CASE WHEN version_no > last_open_no THEN version_on END) AS closed_on,
    MAX(CASE WHEN first_rank = 1 THEN kind END) AS kind,
    MAX(CASE WHEN last_rank = 1 THEN cip13 END) AS cip13,
    MAX(CASE WHEN last_rank = 1 THEN laboratory END) AS laboratory
FROM marked
GROUP BY declaration_no;

-- One line per declaration of either source. ``speciality_key``: the CIS, or the presentation the referential ignores.
CREATE TEMP TABLE monthly_line AS
SELECT
    'trustmed' AS source_key, c.declaration_no, c.declared_on, c.closed_on, c.kind,
    COALESCE(p.cis, c.cip13) AS speciality_key, COALESCE(p.denomination, c.cip13) AS speciality,
    p.dci, p.dci_key, SUBSTR(p.atc, 1, 1) AS atc_group, c.laboratory, FALSE AS is_copy
FROM declaration_course AS c
LEFT JOIN presentation AS p ON p.cip13 = c.cip13
UNION ALL
SELECT
    'historique' AS source_key, CAST(NULL AS VARCHAR) AS declaration_no, h.event_on AS declared_on,
    CAST(NULL AS DATE) AS closed_on, h.kind, h.cis AS speciality_key, COALESCE(s.denomination, h.name) AS speciality,
    COALESCE(s.dci, LOWER(h.molecule)) AS dci,
    COALESCE(s.dci_key, REGEXP_REPLACE(folded(h.molecule), '[^a-z0-9]+', '-', 'g')) AS dci_key,
    SUBSTR(h.atc, 1, 1) AS atc_group, h.laboratory, h.copy_no > 1 AS is_copy
FROM history_declaration AS h
LEFT JOIN speciality AS s ON s.cis = h.cis;

-- A year comes from one source, the one that holds more of it (TrustMed when equal): nothing is counted twice, and a
-- year's running total never adds two ways of counting.
CREATE TEMP TABLE monthly_year AS
SELECT year, source_key
FROM (
    SELECT
        EXTRACT(YEAR FROM declared_on) AS year, source_key,
        ROW_NUMBER() OVER (
            PARTITION BY EXTRACT(YEAR FROM declared_on) ORDER BY COUNT(*) DESC, source_key DESC
        ) AS rank
    FROM monthly_line
    CROSS JOIN parameter AS p
    WHERE declared_on <= p.as_of
    GROUP BY EXTRACT(YEAR FROM declared_on), source_key
) AS ranked
WHERE rank = 1;

-- Months that can be shown: from the first to the last month a source knows (TrustMed: to the day of the snapshot).
CREATE TEMP TABLE monthly_calendar AS
WITH covered_months AS (
    SELECT
        l.source_key, date_trunc('month', MIN(l.declared_on)) AS first_month,
        date_trunc('month', CASE WHEN l.source_key = 'trustmed' THEN MAX(p.as_of) ELSE MAX(l.declared_on) END)
            AS last_month
    FROM monthly_line AS l
    CROSS JOIN parameter AS p
    WHERE l.declared_on <= p.as_of
    GROUP BY l.source_key
)
SELECT CAST(m.month AS DATE) AS month, y.year, k.source_key
FROM (
    SELECT source_key, UNNEST(generate_series(first_month, last_month, INTERVAL 1 MONTH)) AS month FROM covered_months
) AS m
INNER JOIN covered_months AS k ON k.source_key = m.source_key
INNER JOIN monthly_year AS y ON y.source_key = m.source_key AND y.year = EXTRACT(YEAR FROM m.month);

-- What each figure adds up: the month alone, or every month known since January.
CREATE TEMP TABLE monthly_span AS
SELECT month, source_key, 'mois' AS span, month AS counted_month FROM monthly_calendar
UNION ALL
SELECT m.month, m.source_key, 'cumul' AS span, c.month AS counted_month
FROM monthly_calendar AS m
INNER JOIN monthly_calendar AS c ON c.source_key = m.source_key AND c.year = m.year AND c.month <= m.month;
