-- Que trouve la recherche, et quelle page chaque réponse ouvre-t-elle ?
-- grain : réponse possible : groupe suivi, DCI, classe ATC, spécialité, présentation, département, région, laboratoire,
--   déclaration
-- unité : –
-- formule : réunion du référentiel, des groupes suivis, des départements et des déclarations ; une spécialité ou une
--   présentation ouvre le premier groupe suivi qui la prend, sinon sa DCI
-- absence : « subject_id » vide : la réponse n'est pas un médicament
-- source : BDPM, fichiers de data/reference/plans, TrustMed, INSEE
-- règle : ni état ni chiffre ici : ils sont lus à côté, là où le rôle peut les voir
-- état : bdpm
WITH followed AS (
    SELECT t.group_id, p.title, 1000 * p.order_no + t.order_no AS order_no
    FROM tracked_group AS t
    INNER JOIN plan AS p ON p.plan = t.plan
),
grouped AS (
    SELECT b.cip13, b.cis, MIN_BY(g.group_id, f.order_no) AS group_id, MIN(f.order_no) AS order_no
    FROM group_presentation AS g
    INNER JOIN presentation AS b ON b.cip13 = g.cip13
    INNER JOIN followed AS f ON f.group_id = g.group_id
    GROUP BY b.cip13, b.cis
),
-- Salts and hydrates as the referential writes them: « amoxicilline trihydratée » finds its DCI.
written AS (
    SELECT dci_key, STRING_AGG(DISTINCT substance, ' ' ORDER BY substance) AS words FROM substance_name GROUP BY dci_key
),
class_of AS (
    SELECT DISTINCT atc, dci_key, dci FROM speciality WHERE atc IS NOT NULL AND dci_key IS NOT NULL
),
-- A class of one DCI is that DCI; the others, and the levels above, list theirs.
class_size AS (
    SELECT atc, COUNT(DISTINCT dci_key) AS dcis FROM class_of GROUP BY atc
),
classes AS (
    SELECT
        c.dci_key, STRING_AGG(c.atc, ' ' ORDER BY c.atc) AS every_class,
        STRING_AGG(CASE WHEN s.dcis = 1 THEN c.atc END, ' ' ORDER BY c.atc) AS own_class
    FROM class_of AS c
    INNER JOIN class_size AS s ON s.atc = c.atc
    GROUP BY c.dci_key
),
levels AS (
    SELECT DISTINCT LEFT(c.atc, n.letters) AS atc, c.dci
    FROM class_of AS c
    INNER JOIN class_size AS s ON s.atc = c.atc
    INNER JOIN (SELECT UNNEST([3, 4, 5, 7]) AS letters) AS n ON n.letters < LEN(c.atc) OR s.dcis > 1
),
medicine AS (
    SELECT
        s.kind AS kind, s.label AS label, f.title AS detail,
        CASE s.kind WHEN 'dci' THEN c.own_class END AS code, c.every_class AS other_codes,
        CONCAT_WS(' ', s.dci, w.words) AS words, s.subject_id AS subject_id, s.dci_key AS dci_key,
        COALESCE(f.order_no, 0) AS order_no
    FROM subject AS s
    LEFT JOIN followed AS f ON f.group_id = s.subject_id
    LEFT JOIN classes AS c ON c.dci_key = s.dci_key
    LEFT JOIN written AS w ON w.dci_key = s.dci_key
    UNION ALL
    SELECT
        'specialite' AS kind, s.denomination AS label, NULLIF(s.marketing_state, 'Commercialisée') AS detail,
        s.cis AS code, NULL AS other_codes, CONCAT_WS(' ', s.dci, s.holder) AS words,
        COALESCE(g.group_id, 'dci:' || s.dci_key) AS subject_id, s.dci_key AS dci_key,
        CASE WHEN s.marketing_state = 'Commercialisée' THEN 0 ELSE 1 END AS order_no
    FROM speciality AS s
    LEFT JOIN (SELECT cis, MIN_BY(group_id, order_no) AS group_id FROM grouped GROUP BY cis) AS g ON g.cis = s.cis
    UNION ALL
    SELECT
        'presentation' AS kind, p.denomination AS label, p.label AS detail,
        p.cip13 || ' ' || SUBSTRING(p.cip13, 6, 7) AS code, p.cis AS other_codes,
        CONCAT_WS(' ', p.dci, p.holder) AS words, COALESCE(g.group_id, 'dci:' || p.dci_key) AS subject_id,
        p.dci_key AS dci_key, CASE WHEN is_marketed(p.marketing_state) THEN 0 ELSE 1 END AS order_no
    FROM presentation AS p
    LEFT JOIN grouped AS g ON g.cip13 = p.cip13
),
-- Of one spelling each. Without an open declaration, the list of declarations says so.
company AS (
    SELECT
        COALESCE(MIN(CASE WHEN is_open THEN name END), MIN(name)) AS name,
        CASE WHEN BOOL_OR(is_open) THEN 'laboratoire' ELSE 'q' END AS parameter
    FROM (
        SELECT laboratory AS name, status = 'ouverte' AS is_open FROM declaration
        UNION ALL
        SELECT holder AS name, FALSE AS is_open FROM speciality WHERE holder IS NOT NULL
    ) AS named
    GROUP BY folded(name)
),
place AS (
    SELECT 'departement' AS kind, name AS label, department || ', ' || region_name AS detail, department AS asked
    FROM department
    UNION ALL
    SELECT DISTINCT 'region' AS kind, region_name AS label, NULL AS detail, region AS asked FROM department
)
SELECT
    kind, label, detail, code, other_codes, words, 'molecules/molecule' AS page, 'sujet' AS parameter,
    subject_id AS asked, subject_id, dci_key, order_no
FROM medicine
WHERE label IS NOT NULL AND subject_id IS NOT NULL
UNION ALL
SELECT
    'atc' AS kind, atc AS label, STRING_AGG(dci, ', ' ORDER BY dci) AS detail, atc AS code, NULL AS other_codes,
    'classe' AS words, 'molecules/molecule' AS page, 'q' AS parameter, atc AS asked, NULL AS subject_id,
    NULL AS dci_key, LEN(atc) AS order_no
FROM levels
GROUP BY atc
UNION ALL
SELECT
    kind, label, detail, CASE kind WHEN 'departement' THEN asked END AS code, NULL AS other_codes, kind AS words,
    'territoires/territoires' AS page, kind AS parameter, asked, NULL AS subject_id, NULL AS dci_key, 0 AS order_no
FROM place
UNION ALL
SELECT
    'laboratoire' AS kind, name AS label, NULL AS detail, NULL AS code, NULL AS other_codes, 'laboratoire' AS words,
    'declarations/declarations' AS page, parameter, name AS asked, NULL AS subject_id, NULL AS dci_key,
    CASE parameter WHEN 'q' THEN 1 ELSE 0 END AS order_no
FROM company
UNION ALL
SELECT
    'declaration' AS kind, declaration_no AS label, CONCAT_WS(', ', denomination, laboratory) AS detail,
    declaration_no AS code, cip13 AS other_codes, CONCAT_WS(' ', 'déclaration', kind, dci) AS words,
    'declarations/declaration' AS page, 'numero' AS parameter, declaration_no AS asked, NULL AS subject_id, dci_key,
    CASE status WHEN 'ouverte' THEN 0 ELSE 1 END AS order_no
FROM declaration
ORDER BY kind, order_no, label, asked
