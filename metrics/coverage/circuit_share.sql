-- Quelle part chaque laboratoire tient-il en ville, et à l'hôpital ?
-- grain : sujet (groupe suivi ou DCI) × circuit × laboratoire
-- unité : % des boîtes du circuit (des UCD, pour l'hôpital d'après GERS)
-- formule : ventes du laboratoire ÷ ventes de tous, dans la première source qui a une vente : Octave (dernière
--   année entière), puis GERS (douze derniers mois), puis Medic'AM (ville, douze derniers mois). À défaut, pour une
--   DCI, parts écrites dans les déclarations ouvertes
-- absence : aucune de ces sources ne connaît de vente
-- source : Octave, GERS, Medic'AM, TrustMed ; référentiel public
-- règle : une source par circuit, nommée avec sa période ; elles ne s'additionnent pas. Octave est exhaustive ; dans
--   GERS, des laboratoires manquent et l'outre-mer n'y est pas ; Medic'AM compte des boîtes remboursées et nomme le
--   titulaire, pas l'exploitant. Une boîte vaut une boîte, une UCD vaut une UCD, quelle que soit leur taille
-- état : octave, gers, medicam
WITH measured AS (
    SELECT
        subject_id, circuit, laboratory, ANY_VALUE(source_key) AS source_key, ANY_VALUE(first_month) AS first_month,
        ANY_VALUE(last_month) AS last_month, ANY_VALUE(unit) AS unit, SUM(quantity) AS quantity,
        exact_ratio(100 * SUM(quantity), ANY_VALUE(whole)) AS share_pct,
        COUNT(DISTINCT CASE WHEN quantity > 0 THEN cip13 END) AS presentations
    FROM market_reference
    GROUP BY subject_id, circuit, laboratory
),
written_box AS (
    SELECT
        'dci:' || d.dci_key AS subject_id, c.circuit, d.laboratory, d.cip13,
        MAX(CASE c.circuit WHEN 'ville' THEN d.share_town_pct ELSE d.share_hospital_pct END) AS share_pct
    FROM declaration AS d
    CROSS JOIN (SELECT 'ville' AS circuit UNION ALL SELECT 'hôpital' AS circuit) AS c
    WHERE d.status = 'ouverte' AND d.dci_key IS NOT NULL
    GROUP BY d.dci_key, c.circuit, d.laboratory, d.cip13
),
stated AS (
    SELECT
        w.subject_id, w.circuit, w.laboratory, 'trustmed' AS source_key, CAST(NULL AS DATE) AS first_month,
        CAST(NULL AS DATE) AS last_month, CAST(NULL AS VARCHAR) AS unit, CAST(NULL AS DECIMAL(38, 3)) AS quantity,
        SUM(w.share_pct) AS share_pct, COUNT(w.share_pct) AS presentations
    FROM written_box AS w
    ANTI JOIN measured AS m ON m.subject_id = w.subject_id AND m.circuit = w.circuit
    GROUP BY w.subject_id, w.circuit, w.laboratory
    HAVING COUNT(w.share_pct) > 0
)
SELECT
    subject_id, circuit, laboratory, source_key, first_month, last_month, unit, CAST(quantity AS DOUBLE) AS quantity,
    CAST(share_pct AS DOUBLE) AS share_pct, presentations
FROM (SELECT * FROM measured WHERE quantity > 0 UNION ALL SELECT * FROM stated) AS s
ORDER BY subject_id, circuit DESC, share_pct DESC, laboratory
