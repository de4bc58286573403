-- Par quels noms, codes et classes trouve-t-on un médicament, et lequel s'ouvre ?
CREATE TEMP TABLE search_group AS
WITH followed AS (
    SELECT t.group_id, p.title, 1000 * p.order_no + t.order_no AS order_no
    FROM tracked_group AS t
    INNER JOIN plan AS p ON p.plan = t.plan
)
SELECT
    f.group_id AS group_id, f.title AS title, f.order_no AS order_no, b.cip13 AS cip13, b.cis AS cis
FROM followed AS f
LEFT JOIN group_presentation AS g ON g.group_id = f.group_id
LEFT JOIN presentation AS b ON b.cip13 = g.cip13;

-- A class of one DCI is that DCI; the others, and the levels above, list theirs.
CREATE TEMP TABLE search_class AS
SELECT
    s.atc AS atc, s.dci_key AS dci_key, MIN(s.dci) AS dci,
    COUNT(*) OVER (PARTITION BY s.atc) AS dcis
FROM speciality AS s
WHERE s.atc IS NOT NULL AND s.dci_key IS NOT NULL
GROUP BY s.atc, s.dci_key;

CREATE TEMP TABLE search_medicine AS
WITH classes AS (
    SELECT
        dci_key, STRING_AGG(atc, ' ' ORDER BY atc) AS every_class,
        STRING_AGG(CASE WHEN dcis = 1 THEN atc END, ' ' ORDER BY atc) AS own_class
    FROM search_class
    GROUP BY dci_key
),
-- Salts and hydrates as the referential writes them: « amoxicilline trihydratée » finds its DCI.
written AS (
    SELECT dci_key, STRING_AGG(DISTINCT substance, ' ' ORDER BY substance) AS words FROM substance_name GROUP BY dci_key
)
SELECT
    s.kind AS kind, s.label AS label, f.title AS beside,
    CASE s.kind WHEN 'dci' THEN c.own_class END AS code, c.every_class AS other_codes,
    CONCAT_WS(' ', s.dci, w.words) AS words, s.subject_id AS subject_id, s.dci_key AS dci_key,
    COALESCE(f.order_no, 0) AS order_no
FROM subject AS s
LEFT JOIN (SELECT DISTINCT group_id, title, order_no FROM search_group) AS f ON f.group_id = s.subject_id
LEFT JOIN classes AS c ON c.dci_key = s.dci_key
LEFT JOIN written AS w ON w.dci_key = s.dci_key
UNION ALL
SELECT
    'specialite' AS kind, s.denomination AS label, NULLIF(s.marketing_state, 'Commercialisée') AS beside,
    s.cis AS code, NULL AS other_codes, CONCAT_WS(' ', s.dci, s.holder) AS words,
    COALESCE(g.group_id, 'dci:' || s.dci_key) AS subject_id, s.dci_key AS dci_key,
    CASE WHEN s.marketing_state = 'Commercialisée' THEN 0 ELSE 1 END AS order_no
FROM speciality AS s
LEFT JOIN (SELECT cis, MIN_BY(group_id, order_no) AS group_id FROM search_group GROUP BY cis) AS g ON g.cis = s.cis
UNION ALL
SELECT
    'presentation' AS kind, p.denomination AS label, p.label AS beside,
    p.cip13 || ' ' || SUBSTRING(p.cip13, 6, 7) AS code, p.cis AS other_codes,
    CONCAT_WS(' ', p.label, p.dci, p.holder) AS words, COALESCE(g.group_id, 'dci:' || p.dci_key) AS subject_id,
    p.dci_key AS dci_key, CASE WHEN is_marketed(p.marketing_state) THEN 0 ELSE 1 END AS order_no
FROM presentation AS p
LEFT JOIN
    (SELECT cip13, MIN_BY(group_id, order_no) AS group_id FROM search_group GROUP BY cip13) AS g
ON g.cip13 = p.cip13;
