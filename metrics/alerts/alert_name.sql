-- Quels noms attendent que le gestionnaire dise s'ils sont les mêmes que d'autres ?
-- grain : nom reçu, peut-être une autre écriture d'un nom connu ; les laboratoires que le référentiel ne connaît pas et
--   ne rapproche de personne, ensemble par jour de première réception
-- unité : lignes qui attendent la réponse
-- formule : questions sans réponse
-- absence : aucun nom à reconnaître
-- source : fichiers déposés, journal des réponses
-- règle : rien n'est fondu ni compté deux fois sans réponse
WITH open_question AS (
    SELECT
        q.*, CAST(q.received_at AS DATE) AS day,
        CASE
            WHEN q.why = 'inconnu' AND q.other_key = ''
                THEN q.kind || ':inconnu:' || CAST(CAST(q.received_at AS DATE) AS VARCHAR)
            ELSE q.kind || ':' || q.key || ':' || q.other_key
        END AS subject_key
    FROM name_question AS q
    WHERE q.state = 'à répondre'
)

SELECT
    subject_key,
    CASE
        WHEN COUNT(*) = 1 THEN MIN(reason)
        ELSE count_words(COUNT(*)) || ' laboratoires ne sont titulaires d''aucune spécialité du référentiel et '
            || 'ne comptent pas pour le secret : « ' || MIN(name) || ' »… ; les reconnaître'
    END AS label,
    CASE
        WHEN COUNT(DISTINCT file_name) = 1 THEN MIN(file_name)
        ELSE count_words(COUNT(DISTINCT file_name)) || ' fichiers'
    END AS place,
    CAST(SUM(rows_held) AS DOUBLE) AS value, CASE WHEN SUM(rows_held) > 0 THEN 2.0 ELSE 1.0 END AS gravity,
    day, [MIN(source_key)] AS targets, CAST(NULL AS VARCHAR) AS region
FROM open_question
GROUP BY subject_key, day
ORDER BY subject_key
