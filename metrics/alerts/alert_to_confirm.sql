-- Quel fichier a des lignes qui attendent le gestionnaire des données ?
-- grain : fichier reçu qui a des lignes à confirmer
-- unité : lignes
-- formule : lignes douteuses de ce fichier, ni acceptées ni remplacées ; un nom à reconnaître a son alerte
-- absence : aucune ligne à confirmer
-- source : fichiers déposés, journal des acceptations
-- règle : une ligne à confirmer n'entre dans aucun chiffre ; chaque fichier reçu est une nouvelle alerte
SELECT
    d.load_id AS subject_key, MIN(s.title) AS label, MIN(d.file_name) AS place, CAST(COUNT(*) AS DOUBLE) AS value,
    CAST(COUNT(*) AS DOUBLE) AS gravity, CAST(MIN(d.received_at) AS DATE) AS day,
    [MIN(d.source_key)] AS targets, CAST(NULL AS VARCHAR) AS region
FROM doubtful_row AS d
INNER JOIN source_state AS s ON s.source_key = d.source_key
WHERE d.state = 'à confirmer' AND d.rule <> 'nom'
GROUP BY d.load_id
ORDER BY subject_key
