-- Quels fichiers ont été reçus, et qu'en a-t-on lu ?
-- grain : fichier reçu
-- unité : lignes, octets
-- formule : compte de chaque fichier ; un fichier refusé n'a aucune ligne chargée, le précédent reste en vigueur
-- absence : –
-- source : comptes de lecture
-- règle : lignes lues = chargées + mises de côté + ignorées ; une ligne à confirmer est mise de côté tant que personne
--   ne l'a acceptée ; des lignes chargées, celles dont une clé est inconnue sont comptées « sans effet »
SELECT
    l.source_key, l.load_id, l.file_name, l.received_at, l.size_bytes, l.sheets, l.layout, l.rows_in,
    l.rows_loaded - COALESCE(w.rows, 0) AS rows_loaded, l.rows_quarantined + COALESCE(w.rows, 0) AS rows_quarantined,
    COALESCE(w.rows, 0) AS rows_to_confirm, COALESCE(u.rows, 0) AS rows_without_effect, l.rows_ignored,
    CASE WHEN l.error <> '' THEN 'refusé' ELSE 'chargé' END AS status,
    NULLIF(l.error, '') AS message
FROM load AS l
LEFT JOIN (SELECT load_id, COUNT(*) AS rows FROM pending_row GROUP BY load_id) AS w ON w.load_id = l.load_id
LEFT JOIN (
    SELECT load_id, COUNT(DISTINCT table_name || '/' || line) AS rows FROM unmatched_row GROUP BY load_id
) AS u ON u.load_id = l.load_id
ORDER BY l.received_at DESC, l.source_key, l.file_name
