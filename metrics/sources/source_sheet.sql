-- Qu'a-t-on lu de chaque feuille des fichiers reçus ?
-- grain : feuille d'un fichier reçu
-- unité : lignes
-- formule : compte de chaque feuille ; un fichier plat a une seule feuille
-- absence : fichier refusé, dont rien n'a été lu
-- source : comptes de lecture
-- règle : lignes lues = chargées + mises de côté + ignorées, feuille par feuille ; la somme des feuilles est le compte
--   du fichier
SELECT
    l.source_key, s.load_id, l.file_name, l.received_at, s.sheet, s.table_name, s.rows_in,
    s.rows_loaded - COALESCE(w.rows, 0) AS rows_loaded, s.rows_quarantined + COALESCE(w.rows, 0) AS rows_quarantined,
    COALESCE(w.rows, 0) AS rows_to_confirm, COALESCE(u.rows, 0) AS rows_without_effect, s.rows_ignored, s.layout
FROM load_sheet AS s
INNER JOIN load AS l ON l.load_id = s.load_id
LEFT JOIN (SELECT load_id, lake_table, COUNT(*) AS rows FROM pending_row GROUP BY load_id, lake_table) AS w
    ON w.load_id = s.load_id AND w.lake_table = s.table_name
LEFT JOIN (
    SELECT load_id, table_name, COUNT(DISTINCT line) AS rows FROM unmatched_row GROUP BY load_id, table_name
) AS u ON u.load_id = s.load_id AND u.table_name = s.table_name
ORDER BY l.received_at DESC, l.source_key, l.file_name, s.sheet, s.table_name
