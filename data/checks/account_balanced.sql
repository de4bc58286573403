-- Un fichier a perdu des lignes en route, ou ses lignes à confirmer ne sont pas comptées de côté.
SELECT f.file_name, f.rows_in, f.rows_loaded, f.rows_quarantined, f.rows_ignored, f.rows_to_confirm, d.rows AS doubtful
FROM source_file AS f
LEFT JOIN (SELECT load_id, COUNT(*) AS rows FROM doubtful_row WHERE state = 'à confirmer' GROUP BY load_id) AS d
    ON d.load_id = f.load_id
WHERE f.rows_in <> f.rows_loaded + f.rows_quarantined + f.rows_ignored OR f.rows_loaded < 0
    OR f.rows_to_confirm <> COALESCE(d.rows, 0)
UNION ALL
SELECT file_name, rows_in, rows_loaded, rows_quarantined, rows_ignored, 0, 0
FROM load
WHERE rows_in <> rows_loaded + rows_quarantined + rows_ignored
