-- Quelles lignes ont été lues sans entrer dans aucun chiffre, et quelle clé était sans doute voulue ?
-- grain : fichier reçu × feuille × colonne × clé inconnue
-- unité : lignes
-- formule : clé cherchée dans son référentiel (présentation, spécialité, DCI, déclaration et version, groupe, sujet),
--   sans casse, accents, espaces ni ponctuation ; clé probable : la plus proche des clés connues, ou pour un code le
--   seul qui n'en diffère que d'un chiffre, à défaut le libellé le plus proche
-- absence : toutes les clés du fichier sont connues ; clé probable vide : aucune n'est proche ; clé vide : le
--   référentiel lui-même n'a jamais été reçu, les clés ne sont pas énumérées
-- source : fichiers déposés ; BDPM, plans, déclarations
-- règle : ces lignes sont chargées et n'arrêtent rien ; elles comptent dès que leur clé est connue, sans être
--   renvoyées. S'y ajoutent les lignes d'un fichier de préparations qui écrivent un sujet de deux façons et le comptent
--   autrement
SELECT
    l.source_key, u.load_id, l.file_name, l.received_at, u.table_name, u.sheet, u.column_name, u.key,
    MIN(u.label) AS label, COUNT(*) AS rows, MIN(u.line) AS line, u.reason,
    MIN(k.likely_key) AS likely_key, MIN(k.likely_label) AS likely_label
FROM unmatched_row AS u
INNER JOIN load AS l ON l.load_id = u.load_id
LEFT JOIN likely_key AS k ON k.referential = u.referential AND k.key = u.key
GROUP BY
    l.source_key, u.load_id, l.file_name, l.received_at, u.table_name, u.sheet, u.column_name, u.referential, u.key,
    u.reason
ORDER BY l.received_at DESC, l.file_name, u.table_name, line, u.column_name, u.key
