-- Quelles dates déclarées tiennent lieu d'une date inconnue, et quels numéros servent à deux déclarations ?
-- « 31/12/2099 » or « 01/01/2000 » is typed where a form wants a date; a return before the start contradicts it. Such
-- rows wait for the steward (data/building/promised_dates.py), as those of ``28_plausibility.sql`` do.
CREATE TEMP TABLE stated_date AS
WITH version AS (
    SELECT r.*, CAST(l.received_at AS DATE) AS received_on
    FROM trustmed_version_received AS r
    INNER JOIN load AS l ON l.load_id = r.load_id
),
declarant AS (
    SELECT declaration_no, version_no, MAX(laboratory) AS laboratory, MAX(version_on) AS version_on
    FROM version
    GROUP BY declaration_no, version_no
)
-- ``base_on``: the day the date was written, from which it is far or not.
SELECT
    'trustmed_version' AS lake_table, laboratory AS reporter, declaration_no || ' v' || version_no AS item,
    version_on AS week, load_id, line, 'version_on' AS field, version_on AS stated_on, received_on AS base_on,
    CAST(NULL AS DATE) AS start_on
FROM version
UNION ALL
SELECT
    'trustmed_version' AS lake_table, laboratory, declaration_no || ' v' || version_no, version_on, load_id, line,
    'start_on' AS field, start_on AS stated_on, version_on AS base_on, CAST(NULL AS DATE) AS start_on
FROM version
UNION ALL
-- A closed declaration may end before the start it once foresaw.
SELECT
    'trustmed_version' AS lake_table, laboratory, declaration_no || ' v' || version_no, version_on, load_id, line,
    'expected_return_on' AS field, expected_return_on AS stated_on, version_on AS base_on,
    CASE WHEN status = 'ouverte' THEN start_on END AS start_on
FROM version
UNION ALL
SELECT
    'trustmed_supply' AS lake_table, COALESCE(d.laboratory, s.declaration_no) AS reporter,
    s.declaration_no || ' v' || s.version_no || ' n° ' || s.supply_no AS item,
    COALESCE(d.version_on, CAST(l.received_at AS DATE)) AS week, s.load_id, s.line, 'planned_on' AS field,
    s.planned_on AS stated_on, COALESCE(d.version_on, CAST(l.received_at AS DATE)) AS base_on,
    CAST(NULL AS DATE) AS start_on
FROM trustmed_supply_received AS s
INNER JOIN load AS l ON l.load_id = s.load_id
LEFT JOIN declarant AS d ON d.declaration_no = s.declaration_no AND d.version_no = s.version_no
UNION ALL
SELECT
    'trustmed_measure' AS lake_table, COALESCE(d.laboratory, m.declaration_no) AS reporter,
    m.declaration_no || ' v' || m.version_no || ' ' || m.measure AS item,
    COALESCE(d.version_on, CAST(l.received_at AS DATE)) AS week, m.load_id, m.line, f.field,
    CASE f.field WHEN 'start_on' THEN m.start_on ELSE m.end_on END AS stated_on,
    COALESCE(d.version_on, CAST(l.received_at AS DATE)) AS base_on,
    CASE f.field WHEN 'end_on' THEN m.start_on END AS start_on
FROM trustmed_measure_received AS m
CROSS JOIN (SELECT 'start_on' AS field UNION ALL SELECT 'end_on' AS field) AS f
INNER JOIN load AS l ON l.load_id = m.load_id
LEFT JOIN declarant AS d ON d.declaration_no = m.declaration_no AND d.version_no = m.version_no
UNION ALL
SELECT
    'tracstocks_supply' AS lake_table, laboratory AS reporter, cip13 AS item, week, load_id, line,
    'planned_on' AS field, planned_on AS stated_on, week AS base_on, CAST(NULL AS DATE) AS start_on
FROM tracstocks_supply_received
UNION ALL
SELECT
    'arrets_intention' AS lake_table, a.laboratory AS reporter, a.stop_no AS item, a.declared_on AS week, a.load_id,
    a.line, f.field, CASE f.field WHEN 'stop_on' THEN a.stop_on ELSE a.declared_on END AS stated_on,
    CASE f.field WHEN 'stop_on' THEN a.declared_on ELSE CAST(l.received_at AS DATE) END AS base_on,
    CAST(NULL AS DATE) AS start_on
FROM arrets_intention_received AS a
CROSS JOIN (SELECT 'declared_on' AS field UNION ALL SELECT 'stop_on' AS field) AS f
INNER JOIN load AS l ON l.load_id = a.load_id;

-- The first reason of a row is enough: it waits whole.
CREATE TEMP TABLE suspect_date AS
SELECT * EXCLUDE (rank)
FROM (
    SELECT
        s.*, CASE WHEN s.stated_on < s.start_on THEN 'ordre' ELSE 'lointaine' END AS rule,
        p.date_most_years_ahead AS years_ahead, p.date_most_years_before AS years_before,
        ROW_NUMBER() OVER (PARTITION BY s.lake_table, s.load_id, s.line ORDER BY s.field) AS rank
    FROM stated_date AS s
    CROSS JOIN parameter AS p
    WHERE s.stated_on < s.start_on
        OR s.stated_on > s.base_on + to_years(CAST(p.date_most_years_ahead AS INTEGER))
        OR s.stated_on < s.base_on - to_years(CAST(p.date_most_years_before AS INTEGER))
) AS ranked
WHERE rank = 1;

-- A number used before by another laboratory for another medicine: the second would replace the first without a word.
CREATE TEMP TABLE suspect_number AS
WITH numbered AS (
    SELECT
        'trustmed_version' AS lake_table, 'declaration_no' AS field, declaration_no AS number, laboratory AS reporter,
        declaration_no || ' v' || version_no AS item, version_on AS week, cip13 AS medicine, load_id, line
    FROM trustmed_version_received
    UNION ALL
    SELECT
        'arrets_intention' AS lake_table, 'stop_no' AS field, stop_no AS number, laboratory AS reporter,
        stop_no AS item, declared_on AS week, COALESCE(cip13, cis) AS medicine, load_id, line
    FROM arrets_intention_received
),
ranked AS (
    SELECT
        *, FIRST_VALUE(reporter) OVER used AS first_reporter, FIRST_VALUE(medicine) OVER used AS first_medicine
    FROM numbered
    WINDOW used AS (PARTITION BY lake_table, number ORDER BY load_id, line)
)
SELECT * FROM ranked WHERE reporter <> first_reporter AND medicine <> first_medicine;
