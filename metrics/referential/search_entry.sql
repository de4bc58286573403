-- Que trouve la recherche, et quelle page chaque réponse ouvre-t-elle ?
-- grain : réponse possible : groupe suivi, DCI, classe ATC, spécialité, présentation, département, région, laboratoire,
--   déclaration
-- unité : –
-- formule : réunion du référentiel, des groupes suivis, des départements et des déclarations ; une spécialité ou une
--   présentation ouvre le premier groupe suivi qui la prend, sinon sa DCI
-- absence : « subject_id » vide : la réponse n'est pas un médicament
-- source : BDPM, fichiers de data/reference/plans, TrustMed, INSEE
-- règle : ni état ni couverture ici : ils sont lus à côté, là où le rôle peut les voir ; un laboratoire dit ses
--   déclarations ouvertes
-- état : bdpm
WITH levels AS (
    SELECT DISTINCT LEFT(c.atc, n.letters) AS atc, c.dci
    FROM search_class AS c
    INNER JOIN (SELECT UNNEST([3, 4, 5, 7]) AS letters) AS n ON n.letters < LEN(c.atc) OR c.dcis > 1
),
-- Of one spelling each. Without an open declaration, the list of declarations says so.
company AS (
    SELECT
        COALESCE(MIN(CASE WHEN is_open THEN name END), MIN(name)) AS name,
        COUNT(CASE WHEN is_open THEN 1 END) AS open_declarations
    FROM (
        SELECT laboratory AS name, status = 'ouverte' AS is_open FROM declaration
        UNION ALL
        SELECT holder AS name, FALSE AS is_open FROM speciality WHERE holder IS NOT NULL
    ) AS named
    GROUP BY folded(name)
),
place AS (
    SELECT 'departement' AS kind, name AS label, department || ', ' || region_name AS beside, department AS asked
    FROM department
    UNION ALL
    SELECT DISTINCT 'region' AS kind, region_name AS label, NULL AS beside, region AS asked FROM department
)
SELECT
    kind, label, beside, code, other_codes, words, 'molecules/molecule' AS page, 'sujet' AS parameter,
    subject_id AS asked, subject_id, dci_key, order_no
FROM search_medicine
WHERE label IS NOT NULL AND subject_id IS NOT NULL
UNION ALL
SELECT
    'atc' AS kind, atc AS label, STRING_AGG(dci, ', ' ORDER BY dci) AS beside, atc AS code, NULL AS other_codes,
    'classe' AS words, 'molecules/molecule' AS page, 'q' AS parameter, atc AS asked, NULL AS subject_id,
    NULL AS dci_key, LEN(atc) AS order_no
FROM levels
GROUP BY atc
UNION ALL
SELECT
    kind, label, beside, CASE kind WHEN 'departement' THEN asked END AS code, NULL AS other_codes, kind AS words,
    'territoires/territoires' AS page, kind AS parameter, asked, NULL AS subject_id, NULL AS dci_key, 0 AS order_no
FROM place
UNION ALL
SELECT
    'laboratoire' AS kind, name AS label, CASE open_declarations
        WHEN 0 THEN 'aucune déclaration ouverte' WHEN 1 THEN '1 déclaration ouverte'
        ELSE open_declarations || ' déclarations ouvertes'
    END AS beside, NULL AS code, NULL AS other_codes, 'laboratoire' AS words, 'declarations/declarations' AS page,
    CASE open_declarations WHEN 0 THEN 'q' ELSE 'laboratoire' END AS parameter, name AS asked, NULL AS subject_id,
    NULL AS dci_key, CASE open_declarations WHEN 0 THEN 1 ELSE 0 END AS order_no
FROM company
UNION ALL
SELECT
    'declaration' AS kind, declaration_no AS label, CONCAT_WS(', ', denomination, laboratory) AS beside,
    declaration_no AS code, cip13 AS other_codes, CONCAT_WS(' ', 'déclaration', kind, dci) AS words,
    'declarations/declaration' AS page, 'numero' AS parameter, declaration_no AS asked, NULL AS subject_id, dci_key,
    CASE status WHEN 'ouverte' THEN 0 ELSE 1 END AS order_no
FROM declaration
ORDER BY kind, order_no, label, asked
