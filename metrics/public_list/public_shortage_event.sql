-- Qu'est-ce qui est entré dans la liste publique, en est sorti ou y a changé ?
-- grain : photographie × spécialité × présentation
-- unité : événements
-- formule : comparaison de chaque photographie avec la précédente, sur la ligne la plus récente de chaque clé (CIS,
--   CIP13)
-- absence : première photographie : rien à comparer
-- source : BDPM, fichier CIS_CIP_Dispo_Spec
-- règle : une ligne qui quitte la liste est une information
WITH line AS (
    SELECT * FROM public_line WHERE rank = 1
),
pair AS (
    SELECT a.photograph_no AS photograph_no, a.photograph_on AS photograph_on, b.photograph_on AS previous_on
    FROM photograph AS a
    INNER JOIN photograph AS b ON b.photograph_no = a.photograph_no - 1
),
compared AS (
    SELECT
        p.photograph_on AS photograph_at, p.previous_on AS previous_at, p.photograph_no AS photograph_no,
        COALESCE(n.cis, o.cis) AS cis, COALESCE(n.cip13, o.cip13) AS cip13,
        n.code AS code, o.code AS previous_code, n.updated_on AS updated_on, o.updated_on AS previous_updated_on,
        COALESCE(n.url, o.url) AS url, n.cis IS NULL AS is_gone, o.cis IS NULL AS is_new
    FROM pair AS p
    INNER JOIN (
        SELECT photograph_no, cis, cip13 FROM line
        UNION
        SELECT photograph_no + 1 AS photograph_no, cis, cip13 FROM line
    ) AS k ON k.photograph_no = p.photograph_no
    LEFT JOIN line AS n ON n.photograph_no = p.photograph_no AND n.cis = k.cis AND n.cip13 = k.cip13
    LEFT JOIN line AS o ON o.photograph_no = p.photograph_no - 1 AND o.cis = k.cis AND o.cip13 = k.cip13
)
SELECT
    c.photograph_at, c.previous_at, c.photograph_no,
    CASE
        WHEN c.is_new THEN 'entrée'
        WHEN c.is_gone THEN 'sortie'
        WHEN c.code <> c.previous_code THEN 'changement'
        ELSE 'mise à jour'
    END AS event,
    c.cis, NULLIF(c.cip13, '') AS cip13, s.denomination, s.dci_key, c.code, c.previous_code,
    n.status_label, o.status_label AS previous_label, c.updated_on, c.url
FROM compared AS c
LEFT JOIN speciality AS s ON s.cis = c.cis
LEFT JOIN public_code AS n ON n.code = c.code
LEFT JOIN public_code AS o ON o.code = c.previous_code
WHERE c.is_new OR c.is_gone OR c.code <> c.previous_code OR c.updated_on IS DISTINCT FROM c.previous_updated_on
ORDER BY c.photograph_no DESC, event, c.cis
