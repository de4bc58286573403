-- De quels sites chaque spécialité dépend-elle, étape par étape, selon le dernier état des lieux ?
-- A statement is that of one laboratory and year. Sent again, it replaces the lines of each speciality it names. In
-- force: the last year that describes the speciality, whoever wrote it: what the next one omits, or leaves in
-- quarantine, takes nothing away.
CREATE TEMP TABLE statement_line AS
SELECT s.* EXCLUDE (last_of_speciality)
FROM (
    SELECT *, MAX(year) OVER (PARTITION BY cis) AS last_of_speciality
    FROM last_file('edl_site', (laboratory, year, cis), (step, site_name, site_country))
) AS s
WHERE s.year = s.last_of_speciality;

-- A site is its name and its country: one name in two countries is two sites. A line that writes no country is of the
-- only country in which the name is written elsewhere, if there is one. A country written and not recognised stays
-- unknown: nobody says that it is that one.
CREATE TEMP TABLE named_site AS
WITH written AS (
    SELECT l.*, c.code AS own_code
    FROM statement_line AS l
    LEFT JOIN written_country AS c ON c.spelling = l.site_country
),
placed AS (
    SELECT
        w.*, CASE WHEN w.site_country IS NULL AND o.codes = 1 THEN o.code ELSE w.own_code END AS code
    FROM written AS w
    INNER JOIN (
        SELECT site_name, COUNT(DISTINCT own_code) AS codes, MIN(own_code) AS code FROM written GROUP BY site_name
    ) AS o ON o.site_name = w.site_name
),
country AS (
    SELECT code, MIN(country) AS country, BOOL_OR(is_in_union) AS is_in_union FROM written_country GROUP BY code
),
site_identity AS (
    SELECT DISTINCT spelling, key FROM identity WHERE kind = 'site'
)
SELECT
    i.key || COALESCE('-' || LOWER(p.code), '') AS site_key, p.site_name, p.code AS country_code, k.country,
    k.is_in_union, CASE WHEN p.own_code IS NULL THEN p.site_country END AS unread_country, p.laboratory, p.year, p.cis,
    p.label, p.step, p.is_subcontractor = 'oui' AS is_subcontractor, p.is_mitm AS said_mitm, p.distribution
FROM placed AS p
INNER JOIN site_identity AS i ON i.spelling = p.site_name
LEFT JOIN country AS k ON k.code = p.code;

-- Steps after which a medicine exists: without any other site, nothing replaces them.
CREATE TEMP TABLE making_step AS
SELECT 'substance active' AS step UNION ALL SELECT 'fabrication' AS step UNION ALL SELECT 'conditionnement' AS step;
