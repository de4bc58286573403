-- Quelles lignes ont été mises de côté, pourquoi, et lesquelles ont été corrigées depuis ?
-- grain : ligne d'un fichier reçu
-- unité : –
-- formule : première cellule fautive de chaque ligne refusée ; « corrigée » quand une ligne reçue depuis porte sa
--   référence, ou dit la même clé, et se lit ; « retirée » quand le partenaire l'a renvoyée vidée, avec sa seule
--   référence ; « renvoyée, encore refusée » quand cette ligne est à son tour mise de côté : c'est elle qui attend
-- absence : aucune ligne en quarantaine
-- source : lecture des fichiers
-- règle : une ligne douteuse n'entre dans aucun chiffre ; elle attend sa correction, et l'histoire garde les deux
WITH RECURSIVE sent_back AS (
    SELECT corrects, load_id, CASE WHEN withdrawn THEN 2 ELSE 1 END AS rank, 1 AS depth FROM correction_row
    UNION ALL
    SELECT corrects, load_id, 3 AS rank, 1 AS depth FROM quarantine_row WHERE corrects <> ''
    UNION ALL
    -- What answers a row sent back answers the row that one was to correct.
    SELECT q.corrects, b.load_id, b.rank, b.depth + 1 AS depth
    FROM sent_back AS b
    INNER JOIN quarantine_row AS q ON q.row_ref = b.corrects AND q.corrects <> ''
    WHERE b.depth < 20
),
answer AS (
    SELECT b.corrects AS row_ref, b.load_id, b.rank FROM sent_back AS b
    UNION ALL
    -- Sent back twice under the reference of the first line: the second answers both.
    SELECT q.row_ref, b.load_id, b.rank
    FROM quarantine_row AS q
    INNER JOIN sent_back AS b ON b.corrects = q.corrects AND b.load_id > q.load_id
    UNION ALL
    SELECT a.row_ref, a.load_id, 1 AS rank FROM row_again AS a
    UNION ALL
    SELECT q.row_ref, n.load_id, 3 AS rank
    FROM quarantine_row AS q
    INNER JOIN quarantine_row AS n
        ON n.table_name = q.table_name AND n.row_key = q.row_key AND n.load_id > q.load_id
    WHERE q.row_key <> ''
),
ranked AS (
    SELECT
        a.row_ref, a.rank, l.received_at, l.file_name,
        ROW_NUMBER() OVER (PARTITION BY a.row_ref ORDER BY a.rank, a.load_id) AS place
    FROM answer AS a
    INNER JOIN load AS l ON l.load_id = a.load_id
)
SELECT
    l.source_key, q.load_id, l.file_name, l.received_at, q.table_name, q.sheet, q.line, q.column_name, q.value,
    q.reason,
    CASE r.rank
        WHEN 1 THEN 'corrigée' WHEN 2 THEN 'retirée' WHEN 3 THEN 'renvoyée, encore refusée' ELSE 'à corriger'
    END AS state,
    r.received_at AS answered_at, r.file_name AS answered_by,
    q.row_ref, NULLIF(q.corrects, '') AS corrects, q.titles, q.cells
FROM quarantine_row AS q
INNER JOIN load AS l ON l.load_id = q.load_id
LEFT JOIN ranked AS r ON r.row_ref = q.row_ref AND r.place = 1
ORDER BY l.received_at DESC, l.file_name, q.sheet, q.line
