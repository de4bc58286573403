-- Quels noms sont peut-être le même, et qu'a répondu le gestionnaire ?
-- grain : nom reçu qui peut en être un autre ; réponse gardée au journal
-- unité : lignes
-- formule : nom proche d'un nom connu (forme juridique, une lettre d'un mot long) ; nom qui apparaît la semaine où un
--   autre n'envoie rien, pour les mêmes présentations, tant que cet autre reste attendu ; nom qui mêle plusieurs
--   alphabets ; déclarant de stocks qui n'est titulaire d'aucune spécialité du référentiel ni dans la table des groupes
-- absence : aucun nom à reconnaître
-- source : fichiers déposés (PointStock, TracStocks, TrustMed, arrêts), journal des réponses
-- règle : casse, accents, espaces, tirets et ponctuation ne font jamais deux noms. Au-delà, rien n'est fondu sans
--   réponse : les stocks envoyés sous ce nom attendent et l'autre déclarant reste attendu (« estimé » puis « en
--   retard »), sans double compte ; une déclaration ou un arrêt compte, sous le nom écrit. Un
--   déclarant inconnu du référentiel compte dans les chiffres. Aucun de ces noms ne compte pour le secret. La réponse
--   se retire.
-- seuils : name_common_pct, expected_weeks
SELECT
    q.kind, q.key, q.other_key, q.name, q.other_name, q.why, q.reason, COALESCE(h.rows, 0) AS rows_held,
    l.source_key, l.file_name, l.received_at, 'à répondre' AS state,
    CAST(NULL AS VARCHAR) AS answered_by, CAST(NULL AS TIMESTAMPTZ) AS answered_at,
    CAST(NULL AS VARCHAR) AS answer_reason
FROM asked_name AS q
INNER JOIN load AS l ON l.load_id = q.load_id
LEFT JOIN (
    SELECT kind, name, COUNT(*) AS rows FROM name_held GROUP BY kind, name
) AS h ON h.kind = q.kind AND h.name = q.name
UNION ALL
SELECT
    n.kind, n.key, n.other_key, n.name, n.other_name, CAST(NULL AS VARCHAR) AS why, CAST(NULL AS VARCHAR) AS reason,
    0 AS rows_held, CAST(NULL AS VARCHAR) AS source_key, CAST(NULL AS VARCHAR) AS file_name,
    CAST(NULL AS TIMESTAMPTZ) AS received_at, CASE WHEN n.is_same THEN 'le même' ELSE 'un autre' END AS state,
    n.login AS answered_by, CAST(n.answered_at AS TIMESTAMPTZ) AS answered_at,
    NULLIF(n.reason, '') AS answer_reason
FROM journal_name AS n
ORDER BY state, kind, name, other_name
