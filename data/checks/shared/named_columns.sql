-- Une colonne de la version partageable nomme un laboratoire, un fichier, une personne ou une déclaration.
SELECT table_name, column_name
FROM duckdb_columns()
WHERE database_name = current_database() AND column_name IN (
    'laboratory', 'holder', 'participant', 'wholesaler', 'declaration_no', 'file_name', 'load_id', 'raw_path',
    'row_ref',
    'sites', 'comment', 'message', 'login', 'author', 'share_pct', 'reporter', 'held_names',
    'carried_names', 'file_kept',
    'file_replaced',
    'accepted_by', 'answered_by', 'sender'
)
UNION ALL
SELECT 'coverage_weekly' AS table_name, 'missing_names' AS column_name
FROM coverage_weekly
WHERE COALESCE(missing_names, left_out_names, torn_names) IS NOT NULL
UNION ALL
SELECT 'link_status' AS table_name, 'missing_names' AS column_name
FROM link_status
WHERE COALESCE(missing_names, left_out_names, torn_names) IS NOT NULL
