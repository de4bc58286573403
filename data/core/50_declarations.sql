-- Que disent les laboratoires, version après version ?
CREATE TABLE declaration_version AS
SELECT
    declaration_no, version_no, version_on, cip13, laboratory, kind, status, causes, circuits, start_on, duration_days,
    expected_return_on, share_town_pct, share_hospital_pct, stock_boxes, sales_town_boxes, sales_hospital_boxes,
    alternatives, sites, comment
FROM last_line('trustmed_version', (declaration_no, version_no))
ORDER BY declaration_no, version_no;

-- The measures of a version are those of the last file that states it; « pas de mesure » states none.
CREATE TEMP TABLE measure_statement AS
SELECT declaration_no, version_no, measure, state, start_on, end_on, town_pct, hospital_pct, detail
FROM last_file('trustmed_measure', (declaration_no, version_no), (measure, start_on));

CREATE TABLE declaration_measure AS
SELECT *
FROM measure_statement
WHERE measure <> 'pas de mesure'
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
FROM last_line('trustmed_supply', (declaration_no, version_no, supply_no)) AS s
INNER JOIN declaration_version AS v ON v.declaration_no = s.declaration_no AND v.version_no = s.version_no;
