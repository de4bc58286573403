-- Une ligne sans effet est comptée deux fois, ou hors des lignes chargées.
SELECT file_name, rows_loaded, rows_without_effect
FROM source_file
WHERE rows_without_effect > rows_loaded
UNION ALL
SELECT f.file_name, f.rows_without_effect, s.rows
FROM source_file AS f
INNER JOIN (SELECT load_id, SUM(rows_without_effect) AS rows FROM source_sheet GROUP BY load_id) AS s
    ON s.load_id = f.load_id
WHERE f.rows_without_effect <> s.rows
