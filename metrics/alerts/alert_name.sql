-- Quel nom attend que le gestionnaire dise s'il est le même qu'un autre ?
-- grain : nom reçu, peut-être une autre écriture d'un nom connu
-- unité : lignes qui attendent la réponse
-- formule : questions sans réponse
-- absence : aucun nom à reconnaître
-- source : fichiers déposés, journal des réponses
-- règle : rien n'est fondu ni compté deux fois sans réponse
SELECT
    q.kind || ':' || q.key || ':' || q.other_key AS subject_key, q.reason AS label, q.file_name AS place,
    CAST(q.rows_held AS DOUBLE) AS value, CASE WHEN q.rows_held > 0 THEN 2.0 ELSE 1.0 END AS gravity,
    CAST(q.received_at AS DATE) AS day, [q.source_key] AS targets, CAST(NULL AS VARCHAR) AS region
FROM name_question AS q
WHERE q.state = 'à répondre'
ORDER BY subject_key
