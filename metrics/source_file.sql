-- Quels fichiers ont été reçus, et qu'en a-t-on lu ?
-- grain : fichier reçu
-- unité : lignes, octets
-- formule : compte de chaque fichier ; un fichier refusé n'a aucune ligne chargée, le précédent reste en vigueur
-- absence : –
-- source : comptes de lecture
-- règle : lignes lues = chargées + quarantaine + ignorées
SELECT
    source_key, load_id, file_name, received_at, size_bytes, sheets, rows_in, rows_loaded, rows_quarantined, rows_ignored,
    CASE WHEN error <> '' THEN 'refusé' ELSE 'chargé' END AS status,
    NULLIF(error, '') AS message
FROM load
ORDER BY received_at DESC, source_key, file_name
