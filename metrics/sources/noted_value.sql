-- Qu'a-t-on effacé, complété ou ignoré en lisant des lignes gardées ?
-- grain : remarque sur une ligne d'un fichier reçu
-- unité : –
-- formule : valeur secondaire impossible (date, prix…) vidée ; CIP7 complété en CIP13 ; ligne dite deux fois, gardée
--   une fois ; valeur lue autrement qu'écrite (format pourcentage, milliers, mois d'abord, date approximative, tiret) ;
--   cause hors de la liste ; feuille inconnue, non lue
-- absence : aucune remarque
-- source : lecture des fichiers
-- règle : une spécialité n'est pas perdue pour une date fautive, ni une ligne pour un ancien code ; l'écart est dit
SELECT
    l.source_key, n.load_id, l.file_name, l.received_at, n.sheet, n.line, n.column_name, n.value, n.reason
FROM noted_row AS n
INNER JOIN load AS l ON l.load_id = n.load_id
ORDER BY l.received_at DESC, l.file_name, n.load_id, n.sheet, n.line, n.column_name, n.reason, n.value
