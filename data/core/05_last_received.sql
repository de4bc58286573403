-- Quand plusieurs fichiers disent la même chose, lequel l'emporte ?
-- The last one received. Sources differ in what a file replaces: a line, or everything under a key.

-- The file each row belongs to: one sent back corrected belongs to the file it corrects.
CREATE TEMP MACRO with_file(source) AS TABLE
SELECT r.*, COALESCE(c.belongs_to, r.load_id) AS file_id
FROM query_table(source) AS r
LEFT JOIN corrected_row AS c ON c.table_name = source AND c.load_id = r.load_id AND c.line = r.line;

-- Whole: of a key, only the rows of the last file that names it are kept; ``item`` identifies the rows of one file, of
-- which the last one received wins.
CREATE TEMP MACRO last_file(source, key, item) AS TABLE
SELECT * EXCLUDE (file_id, file_rank, item_rank)
FROM (
    SELECT
        *,
        DENSE_RANK() OVER (PARTITION BY key ORDER BY file_id DESC) AS file_rank,
        ROW_NUMBER() OVER (PARTITION BY key, item, file_id ORDER BY load_id DESC, line DESC) AS item_rank
    FROM with_file(source)
) AS ranked
WHERE file_rank = 1 AND item_rank = 1;
