-- Quel fichier a des lignes lues qui n'entrent dans aucun chiffre ?
-- grain : fichier reçu depuis moins longtemps que la durée de la règle
-- unité : lignes
-- formule : lignes dont une clé n'est dans aucun référentiel
-- absence : toutes les clés du fichier sont connues
-- source : fichiers déposés ; BDPM, plans, déclarations
-- règle : rien de ce qui est lu ne reste sans effet sans être dit ; chaque fichier reçu est une nouvelle alerte
SELECT
    f.load_id AS subject_key, s.title AS label, f.file_name AS place,
    CAST(f.rows_without_effect AS DOUBLE) AS value, CAST(f.rows_without_effect AS DOUBLE) AS gravity,
    CAST(f.received_at AS DATE) AS day, [f.source_key] AS targets, CAST(NULL AS VARCHAR) AS region
FROM source_file AS f
INNER JOIN source_state AS s ON s.source_key = f.source_key
INNER JOIN alert_rule AS r ON r.rule = 'without_effect'
CROSS JOIN snapshot_info AS i
WHERE f.rows_without_effect > 0 AND date_diff('day', CAST(f.received_at AS DATE), i.as_of) < r.window_days
ORDER BY subject_key
