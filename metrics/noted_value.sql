-- Quelles valeurs illisibles ont été effacées dans des lignes gardées ?
-- grain : cellule d'un fichier reçu
-- unité : –
-- formule : valeur secondaire impossible (date, prix…) dans une ligne dont les clés sont bonnes
-- absence : aucune valeur effacée
-- source : lecture des fichiers du référentiel
-- règle : une spécialité n'est pas perdue pour une date fautive ; la valeur est vidée et l'écart est dit
SELECT
    l.source_key, n.load_id, l.file_name, l.received_at, n.sheet, n.line, n.column_name, n.value, n.reason
FROM noted_row AS n
INNER JOIN load AS l ON l.load_id = n.load_id
ORDER BY l.received_at DESC, l.file_name, n.sheet, n.line
