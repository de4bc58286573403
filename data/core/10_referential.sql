-- Quels sont les spécialités, les présentations, leurs DCI et leurs listes ?
-- The referential is a photograph: only the rows of the latest one are in force, whatever the order of reception.
CREATE TEMP TABLE in_force AS
SELECT 'speciality' AS kind, MAX_BY(load_id, CAST(photograph_on AS VARCHAR) || load_id) AS load_id FROM bdpm_speciality
UNION ALL SELECT 'presentation' AS kind,
    MAX_BY(load_id, CAST(photograph_on AS VARCHAR) || load_id) AS load_id FROM bdpm_presentation
UNION ALL SELECT 'composition' AS kind,
    MAX_BY(load_id, CAST(photograph_on AS VARCHAR) || load_id) AS load_id FROM bdpm_composition
UNION ALL SELECT 'mitm' AS kind, MAX_BY(load_id, CAST(photograph_on AS VARCHAR) || load_id) AS load_id FROM bdpm_mitm
UNION ALL SELECT 'generic' AS kind,
    MAX_BY(load_id, CAST(photograph_on AS VARCHAR) || load_id) AS load_id FROM bdpm_generic
UNION ALL SELECT 'dispensing' AS kind,
    MAX_BY(load_id, CAST(photograph_on AS VARCHAR) || load_id) AS load_id FROM bdpm_dispensing
UNION ALL SELECT 'opinion' AS kind,
    MAX_BY(load_id, CAST(photograph_on AS VARCHAR) || load_id) AS load_id FROM bdpm_opinion
UNION ALL SELECT 'opinion_link' AS kind,
    MAX_BY(load_id, CAST(photograph_on AS VARCHAR) || load_id) AS load_id FROM bdpm_opinion_link;

-- A substance line gives way to the therapeutic fraction that shares its link number (salts must not split a DCI),
-- unless that fraction is a bare element: iodine would merge every contrast agent into one.
CREATE TEMP TABLE speciality_substance AS
WITH lines AS (
    SELECT c.cis AS cis, c.link_no AS link_no, c.nature AS nature, n.dci AS dci, n.dci_key AS dci_key,
        c.nature = 'FT' AND n.names_a_dci AS is_fraction
    FROM bdpm_composition AS c
    INNER JOIN in_force AS f ON f.kind = 'composition' AND f.load_id = c.load_id
    INNER JOIN substance_name AS n ON n.substance = c.substance
),
fractions AS (
    SELECT DISTINCT cis, link_no FROM lines WHERE is_fraction
)
SELECT DISTINCT l.cis AS cis, l.dci AS dci, l.dci_key AS dci_key
FROM lines AS l
LEFT JOIN fractions AS f ON f.cis = l.cis AND f.link_no = l.link_no
WHERE l.is_fraction OR (f.cis IS NULL AND l.nature <> 'FT');

CREATE TEMP TABLE speciality_dci AS
SELECT cis, STRING_AGG(dci, ' / ' ORDER BY dci_key) AS dci, STRING_AGG(dci_key, '--' ORDER BY dci_key) AS dci_key
FROM speciality_substance
GROUP BY cis;

CREATE TEMP TABLE mitm AS
SELECT m.cis AS cis, MIN(m.atc) AS atc
FROM bdpm_mitm AS m
INNER JOIN in_force AS f ON f.kind = 'mitm' AND f.load_id = m.load_id
GROUP BY m.cis;

CREATE TABLE speciality AS
SELECT
    s.cis AS cis, s.denomination AS denomination, s.form AS form, s.routes AS routes, s.holder AS holder,
    d.dci AS dci, d.dci_key AS dci_key, m.atc AS atc, m.cis IS NOT NULL AS is_mitm,
    s.marketing_state AS marketing_state
FROM bdpm_speciality AS s
INNER JOIN in_force AS f ON f.kind = 'speciality' AND f.load_id = s.load_id
LEFT JOIN speciality_dci AS d ON d.cis = s.cis
LEFT JOIN mitm AS m ON m.cis = s.cis
ORDER BY s.cis;

CREATE TABLE presentation AS
SELECT
    p.cip13 AS cip13, p.cis AS cis, p.label AS label, s.denomination AS denomination, s.holder AS holder,
    s.dci AS dci, s.dci_key AS dci_key, s.atc AS atc, COALESCE(s.is_mitm, FALSE) AS is_mitm,
    p.marketing_state AS marketing_state
FROM bdpm_presentation AS p
INNER JOIN in_force AS f ON f.kind = 'presentation' AND f.load_id = p.load_id
LEFT JOIN speciality AS s ON s.cis = p.cis
ORDER BY p.cip13;
