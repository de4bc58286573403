-- Que disent les laboratoires, version après version ?
CREATE TEMP TABLE version_line AS
SELECT * EXCLUDE (rank)
FROM (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY declaration_no, version_no ORDER BY load_id DESC, line DESC) AS rank
    FROM trustmed_version
) AS ranked
WHERE rank = 1;

CREATE TABLE declaration_version AS
SELECT
    declaration_no, version_no, version_on, cip13, laboratory, kind, status, causes, circuits, start_on, duration_days,
    expected_return_on, share_town_pct, share_hospital_pct, stock_boxes, sales_town_boxes, sales_hospital_boxes,
    alternatives, sites, comment
FROM version_line
ORDER BY declaration_no, version_no;

-- The measures of a version are those of the last file that states it; a row sent back corrected belongs to its first file.
CREATE TABLE declaration_measure AS
SELECT declaration_no, version_no, measure, state, start_on, end_on, town_pct, hospital_pct, detail
FROM (
    SELECT
        m.*,
        DENSE_RANK() OVER (
            PARTITION BY m.declaration_no, m.version_no ORDER BY COALESCE(c.belongs_to, m.load_id) DESC
        ) AS rank,
        ROW_NUMBER() OVER (
            PARTITION BY m.declaration_no, m.version_no, m.measure, m.start_on, COALESCE(c.belongs_to, m.load_id)
            ORDER BY m.load_id DESC, m.line DESC
        ) AS said
    FROM trustmed_measure AS m
    LEFT JOIN corrected_row AS c
        ON c.table_name = 'trustmed_measure' AND c.load_id = m.load_id AND c.line = m.line
) AS ranked
WHERE rank = 1 AND said = 1
ORDER BY declaration_no, version_no, measure;

-- Every promise in every version: the return date of the declaration, and each supply by its rank.
CREATE TEMP TABLE promise_line AS
SELECT
    declaration_no, 'retour' AS promise, 0 AS supply_no, version_no, version_on AS stated_on,
    expected_return_on AS planned_on, CAST(NULL AS DOUBLE) AS boxes, CAST(NULL AS VARCHAR) AS state
FROM declaration_version
WHERE expected_return_on IS NOT NULL
UNION ALL
SELECT
    s.declaration_no, 'approvisionnement' AS promise, s.supply_no, s.version_no, v.version_on AS stated_on,
    s.planned_on, s.boxes, s.state
FROM (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY declaration_no, version_no, supply_no ORDER BY load_id DESC, line DESC
        ) AS rank
    FROM trustmed_supply
) AS s
INNER JOIN declaration_version AS v ON v.declaration_no = s.declaration_no AND v.version_no = s.version_no
WHERE s.rank = 1;
