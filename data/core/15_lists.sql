-- Sur quelles listes une spécialité est-elle ?
-- A file replaces whole the lists it holds: of each list, only the lines of the last file that names it are in force,
-- and those sent back corrected, which belong to the file they correct.
CREATE TEMP TABLE list_line AS
SELECT * FROM last_file('listes_member', list, (load_id, line));

-- The key of a DCI as written: same letters, same separators as the referential's.
CREATE TEMP MACRO written_dci_key(dci) AS REPLACE(
    TRIM(REGEXP_REPLACE(
        REGEXP_REPLACE(folded(dci), '\s*/\s*', '§', 'g'), '[^a-z0-9§]+', '-', 'g'
    ), '-'), '§', '--'
);

-- « Voie orale » is « orale ».
CREATE TEMP MACRO written_route(route) AS REGEXP_REPLACE(TRIM(folded(route)), '^voie\s+', '');

CREATE TEMP TABLE list_dci AS
SELECT DISTINCT
    l.list AS list, l.route AS route, l.months AS months, l.since_on AS since_on, written_dci_key(l.dci) AS dci_key
FROM list_line AS l
WHERE l.cis IS NULL AND l.dci IS NOT NULL;

-- A line that names the speciality says more than one that names its DCI.
CREATE TEMP TABLE list_member AS
SELECT
    'MITM' AS list, s.cis AS cis, CAST(NULL AS DOUBLE) AS months, CAST(NULL AS DATE) AS since_on, TRUE AS is_named
FROM speciality AS s
WHERE s.is_mitm
UNION ALL
SELECT l.list, l.cis, l.months, l.since_on, TRUE AS is_named
FROM list_line AS l
WHERE l.cis IS NOT NULL
UNION ALL
SELECT d.list, s.cis, d.months, d.since_on, FALSE AS is_named
FROM list_dci AS d
LEFT JOIN dci_synonym AS y ON y.name_key = d.dci_key
INNER JOIN speciality AS s ON s.dci_key = COALESCE(y.dci_key, d.dci_key)
WHERE d.route IS NULL OR list_contains(
    LIST_TRANSFORM(string_split(s.routes, ';'), LAMBDA each: written_route(each)), written_route(d.route)
);

-- Of a speciality that a list names several times, the line that began last.
CREATE TABLE speciality_list AS
SELECT list, cis, months, since_on
FROM (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY list, cis ORDER BY since_on DESC NULLS LAST, is_named DESC, months DESC NULLS LAST
        ) AS rank
    FROM list_member
) AS members
WHERE rank = 1
ORDER BY cis, list;
