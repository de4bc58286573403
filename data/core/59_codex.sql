-- Que dit le Codex de la commercialisation de chaque spécialité, et que dit la BDPM ?
-- A check of the denominators: nothing else of the warehouse reads these tables.
CREATE TEMP TABLE codex_line AS
SELECT * EXCLUDE (newest)
FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY cis ORDER BY extracted_on DESC) AS newest
    FROM last_line('codex_product', (cis, extracted_on))
) AS ranked
WHERE newest = 1;

-- The DCI of a line that the referential does not know, whatever its separators and their order: each part is a
-- substance of the referential, a synonym, or a name as it is.
CREATE TEMP TABLE codex_dci AS
WITH part AS (
    SELECT
        c.cis,
        TRIM(UNNEST(string_split(REGEXP_REPLACE(folded(c.dci), '\s*(/|\+|;|,|\s(et|and)\s)\s*', '§', 'g'), '§')))
            AS written
    FROM codex_line AS c
    ANTI JOIN speciality AS s ON s.cis = c.cis
    WHERE c.dci IS NOT NULL
),
known AS (
    SELECT folded(substance) AS written, MIN(dci_key) AS dci_key FROM substance_name GROUP BY folded(substance)
)
SELECT
    p.cis,
    STRING_AGG(
        DISTINCT COALESCE(k.dci_key, y.dci_key, written_dci_key(p.written)), '--'
        ORDER BY COALESCE(k.dci_key, y.dci_key, written_dci_key(p.written))
    ) AS dci_key
FROM part AS p
LEFT JOIN known AS k ON k.written = p.written
LEFT JOIN dci_synonym AS y ON y.name_key = written_dci_key(p.written)
WHERE p.written <> ''
GROUP BY p.cis;

-- A speciality on the market for the public referential: one of its presentations is.
CREATE TEMP TABLE public_market AS
SELECT cis, COUNT(CASE WHEN is_marketed(marketing_state) THEN 1 END) AS marketed
FROM presentation
GROUP BY cis;

-- Files of *Arrêts* by speciality, and the first day the register knows.
CREATE TEMP TABLE stop_filed AS
SELECT cis, MIN(stop_no) AS stop_no
FROM (
    SELECT cis, stop_no FROM stop_presentation
    UNION ALL
    SELECT cis, stop_no FROM stop_intention WHERE cis IS NOT NULL
) AS filed
GROUP BY cis;
