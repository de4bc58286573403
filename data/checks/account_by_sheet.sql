-- Une feuille a perdu des lignes en route, ou les feuilles d'un fichier ne font pas son compte.
SELECT file_name, sheet, rows_in, rows_loaded, rows_quarantined, rows_ignored, rows_to_confirm
FROM source_sheet
WHERE rows_in <> rows_loaded + rows_quarantined + rows_ignored OR rows_loaded < 0
UNION ALL
SELECT f.file_name, NULL, f.rows_in, f.rows_loaded, f.rows_quarantined, f.rows_ignored, f.rows_to_confirm
FROM source_file AS f
LEFT JOIN (
    SELECT
        load_id, SUM(rows_in) AS rows_in, SUM(rows_loaded) AS rows_loaded, SUM(rows_quarantined) AS rows_quarantined,
        SUM(rows_ignored) AS rows_ignored, SUM(rows_to_confirm) AS rows_to_confirm
    FROM source_sheet
    GROUP BY load_id
) AS s ON s.load_id = f.load_id
WHERE f.status <> 'refusé'
    AND (f.rows_in <> COALESCE(s.rows_in, 0) OR f.rows_loaded <> COALESCE(s.rows_loaded, 0)
    OR f.rows_quarantined <> COALESCE(s.rows_quarantined, 0) OR f.rows_ignored <> COALESCE(s.rows_ignored, 0)
    OR f.rows_to_confirm <> COALESCE(s.rows_to_confirm, 0))
