-- Quelles lignes ont été mises de côté, et pourquoi ?
-- grain : ligne d'un fichier reçu
-- unité : –
-- formule : première cellule fautive de chaque ligne refusée
-- absence : aucune ligne en quarantaine
-- source : lecture des fichiers
-- règle : une ligne douteuse n'entre dans aucun chiffre ; elle attend sa correction
SELECT
    l.source_key, q.load_id, l.file_name, l.received_at, q.sheet, q.line, q.column_name, q.value, q.reason
FROM quarantine_row AS q
INNER JOIN load AS l ON l.load_id = q.load_id
ORDER BY l.received_at DESC, l.file_name, q.sheet, q.line
