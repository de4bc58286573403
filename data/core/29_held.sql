-- Que reste-t-il de ce qui a été reçu, une fois mises de côté les lignes à confirmer ?
-- Every query after this one reads these views: what was not accepted cannot enter a figure by accident.
CREATE TEMP TABLE held_row AS
SELECT d.*
FROM doubt AS d
LEFT JOIN journal_acceptance AS a ON a.row_ref = d.row_ref
WHERE a.row_ref IS NULL;

CREATE TEMP MACRO without_held(source) AS TABLE
SELECT r.*
FROM query_table(source || '_received') AS r
ANTI JOIN (SELECT load_id, line FROM held_row WHERE lake_table = source) AS h
    ON h.load_id = r.load_id AND h.line = r.line;

CREATE TEMP VIEW tracstocks_stock AS SELECT * FROM without_held('tracstocks_stock');
CREATE TEMP VIEW pointstock_stock AS SELECT * FROM without_held('pointstock_stock');
CREATE TEMP VIEW grossistes_stock AS SELECT * FROM without_held('grossistes_stock');
CREATE TEMP VIEW openhealth_sales AS SELECT * FROM without_held('openhealth_sales');
CREATE TEMP VIEW iqvia_coverage AS SELECT * FROM without_held('iqvia_coverage');
CREATE TEMP VIEW tracstocks_supply AS SELECT * FROM without_held('tracstocks_supply');
CREATE TEMP VIEW trustmed_version AS SELECT * FROM without_held('trustmed_version');
CREATE TEMP VIEW dispostock_stock AS SELECT * FROM without_held('dispostock_stock');
CREATE TEMP VIEW gers_sales AS SELECT * FROM without_held('gers_sales');
CREATE TEMP VIEW octave_sales AS SELECT * FROM without_held('octave_sales');
CREATE TEMP VIEW arrets_intention AS SELECT * FROM without_held('arrets_intention');
CREATE TEMP VIEW pgp_plan AS SELECT * FROM without_held('pgp_plan');
CREATE TEMP VIEW preparations_week AS SELECT * FROM without_held('preparations_week');
CREATE TEMP VIEW sisac_signal AS SELECT * FROM without_held('sisac_signal');
CREATE TEMP VIEW dpruptures_stock AS SELECT * FROM without_held('dpruptures_stock');
CREATE TEMP VIEW edl_site AS SELECT * FROM without_held('edl_site');

-- Measures and supplies follow the version that states them.
CREATE TEMP TABLE held_version AS
SELECT DISTINCT r.load_id, r.declaration_no, r.version_no
FROM trustmed_version_received AS r
INNER JOIN held_row AS h ON h.lake_table = 'trustmed_version' AND h.load_id = r.load_id AND h.line = r.line;

CREATE TEMP MACRO without_held_version(source) AS TABLE
SELECT r.*
FROM without_held(source) AS r
ANTI JOIN held_version AS h
    ON h.load_id = r.load_id AND h.declaration_no = r.declaration_no AND h.version_no = r.version_no;

CREATE TEMP VIEW trustmed_measure AS SELECT * FROM without_held_version('trustmed_measure');
CREATE TEMP VIEW trustmed_supply AS SELECT * FROM without_held_version('trustmed_supply');

-- A doubtful row replaced by a line received later for the same key has nothing left to confirm. A wrong date has no
-- right key: what the same reporter sends later of the same item replaces it. A name waits for its own answer.
CREATE TEMP TABLE replaced_doubt AS
SELECT DISTINCT d.row_ref
FROM doubt AS d
INNER JOIN (
    SELECT lake_table, reporter, item, week, load_id, line FROM judged_line
    UNION ALL
    SELECT 'tracstocks_supply' AS lake_table, laboratory AS reporter, cip13 AS item, week, load_id, line
    FROM tracstocks_supply_received
    UNION ALL
    SELECT
        'trustmed_version' AS lake_table, laboratory AS reporter, declaration_no || ' v' || version_no AS item,
        version_on AS week, load_id, line
    FROM trustmed_version_received
    UNION ALL
    SELECT lake_table, reporter, item, week, load_id, line
    FROM stated_date
    WHERE lake_table IN ('trustmed_supply', 'trustmed_measure', 'arrets_intention')
) AS j
    ON j.lake_table = d.lake_table AND j.reporter = d.reporter AND j.item = d.item
    AND ((j.week = d.week AND (j.load_id > d.load_id OR (j.load_id = d.load_id AND j.line > d.line)))
        OR (d.rule IN ('futur', 'lointaine', 'ordre', 'numero') AND j.load_id > d.load_id))
WHERE d.rule NOT IN ('nom', 'ensemble')
UNION
-- Of files received together, the one accepted replaces the others.
SELECT load_delivery(c.load_id) || '/' || c.lake_table || '/' || c.line AS row_ref
FROM contested_row AS c
INNER JOIN contested_row AS o ON o.lake_table = c.lake_table AND o.key = c.key AND o.load_id <> c.load_id
INNER JOIN journal_acceptance AS a ON a.row_ref = load_delivery(o.load_id) || '/' || o.lake_table || '/' || o.line;

CREATE TEMP TABLE pending_row AS
SELECT h.*
FROM held_row AS h
LEFT JOIN replaced_doubt AS r ON r.row_ref = h.row_ref
WHERE r.row_ref IS NULL;
