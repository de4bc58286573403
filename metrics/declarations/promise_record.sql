-- Quels laboratoires, et sur quelles DCI, tiennent les dates promises ?
-- grain : portée (laboratoire ou dci) × nom
-- unité : jours de décalage ; % des promesses échues
-- formule : décalage médian des dates redites qui ont bougé. Une promesse est échue quand elle est reçue, annulée, ou
--   que sa première date est passée ; elle est tenue quand elle est reçue sans avoir été repoussée. Une promesse
--   remplacée par un autre rang est la même. Une date retirée est comptée à part, dans aucun des deux.
-- absence : aucune date n'a bougé (décalage médian), aucun approvisionnement n'est échu (part tenue)
-- source : TrustMed
-- règle : glissement par laboratoire et par DCI ; le report est distingué de l'approvisionnement supplémentaire (IGAS
--   2025-002R, § 162)
-- seuils : slip_days
WITH declared_promise AS (
    SELECT r.*, d.laboratory, d.dci_key, d.dci
    FROM promise AS r
    INNER JOIN declaration AS d ON d.declaration_no = r.declaration_no
),
outcome AS (
    SELECT
        declaration_no, promise_no, ANY_VALUE(laboratory) AS laboratory, ANY_VALUE(dci_key) AS dci_key,
        ANY_VALUE(dci) AS dci,
        -- Cancelled for another in the same version: the other is the last word.
        ARG_MAX(state, 2 * version_no + CASE state WHEN 'annulé' THEN 0 ELSE 1 END) AS last_state,
        COUNT(withdrawn_on) > 0 AS is_withdrawn,
        ARG_MIN(planned_on, version_no) AS first_planned_on,
        BOOL_OR(nature = 'report') AS was_postponed
    FROM declared_promise
    WHERE promise = 'approvisionnement'
    GROUP BY declaration_no, promise_no
),
due AS (
    SELECT *, last_state = 'reçu' AND NOT was_postponed AS is_kept
    FROM outcome
    CROSS JOIN parameter AS p
    WHERE last_state <> 'prévu' OR (first_planned_on < p.as_of AND NOT is_withdrawn)
),
moved AS (
    SELECT
        CASE WHEN GROUPING(laboratory) = 0 THEN 'laboratoire' ELSE 'dci' END AS scope, laboratory, dci_key,
        MIN(dci) AS dci, COUNT(DISTINCT declaration_no) AS declarations,
        COUNT(CASE WHEN nature = 'report' THEN 1 END) AS postponed,
        COUNT(CASE WHEN nature = 'avancée' THEN 1 END) AS advanced,
        COUNT(CASE WHEN nature = 'supplément' THEN 1 END) AS additional, COUNT(withdrawn_on) AS withdrawn,
        MEDIAN(CASE WHEN nature IN ('report', 'avancée') THEN slip_days END) AS median_slip_days,
        MAX(CASE WHEN nature = 'report' THEN slip_days END) AS longest_slip_days
    FROM declared_promise
    GROUP BY GROUPING SETS ((laboratory), (dci_key))
),
held AS (
    SELECT
        CASE WHEN GROUPING(laboratory) = 0 THEN 'laboratoire' ELSE 'dci' END AS scope, laboratory, dci_key,
        COUNT(*) AS due, COUNT(CASE WHEN is_kept THEN 1 END) AS kept
    FROM due
    GROUP BY GROUPING SETS ((laboratory), (dci_key))
)
SELECT
    m.scope, COALESCE(m.laboratory, m.dci) AS name, m.dci_key, m.declarations, m.postponed, m.advanced, m.additional,
    m.withdrawn, m.median_slip_days, m.longest_slip_days, COALESCE(h.due, 0) AS due, COALESCE(h.kept, 0) AS kept,
    100.0 * h.kept / h.due AS kept_pct
FROM moved AS m
LEFT JOIN held AS h ON h.scope = m.scope AND COALESCE(h.laboratory, h.dci_key) = COALESCE(m.laboratory, m.dci_key)
WHERE COALESCE(m.laboratory, m.dci_key) IS NOT NULL
ORDER BY m.scope, m.postponed DESC, m.median_slip_days DESC NULLS LAST, name
