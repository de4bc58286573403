-- Quelles présentations entrent dans chaque groupe suivi ?
-- Rules are matched on text without case or accents; they run on the whole referential at each refresh. Strengths are
-- read by data/reference/strengths.py on both sides and compared as exact numbers.
CREATE TEMP TABLE speciality_strength AS
SELECT
    s.cis AS cis, d.strength_key AS strength_key, d.written_key AS written_key, d.label AS label,
    -- A bottle to drink from is known by its concentration; the volume of a syringe is part of its strength.
    COALESCE(u.form_kind = 'orale liquide', FALSE)
    AND NOT REGEXP_MATCHES(
        folded(s.denomination || ' ' || COALESCE(s.form, '')), 'ampoule|unidose|unitaire|sachet|dosette|seringue'
    ) AS is_bottle
FROM speciality AS s
INNER JOIN denomination_strength AS d
    ON d.denomination = s.denomination AND d.is_association = COALESCE(contains(s.dci, ' / '), FALSE)
LEFT JOIN speciality_use AS u ON u.cis = s.cis;

-- Every speciality of the DCI of a group or close to it, and which clauses of the rule it meets.
CREATE TEMP TABLE group_fit AS
WITH same_strength AS (
    SELECT DISTINCT r.group_id AS group_id, s.cis AS cis
    FROM group_strength AS r
    INNER JOIN speciality_strength AS s
        ON s.strength_key = r.strength_key
        AND (NOT r.is_sized OR s.is_bottle OR s.written_key = r.written_key)
),
near AS (
    SELECT
        g.group_id AS group_id, s.cis AS cis, list_contains(g.cis_in, s.cis) AS is_added,
        list_contains(g.cis_out, s.cis) AS is_removed, COALESCE(folded(s.dci) = folded(g.dci), FALSE) AS has_dci,
        g.form_pattern AS form_pattern, g.form_out_pattern AS form_out_pattern, LEN(g.strengths) AS strengths,
        folded(s.denomination || ' ' || COALESCE(s.form, '')) AS words
    FROM group_rule AS g
    INNER JOIN speciality AS s
        ON list_contains(g.cis_in, s.cis)
        OR folded(s.dci) = folded(g.dci)
        OR starts_with(folded(s.dci), folded(g.dci) || ' ')
        OR list_contains(string_split(folded(s.dci), ' / '), folded(g.dci))
)
SELECT
    n.group_id AS group_id, n.cis AS cis, n.is_added AS is_added, n.is_removed AS is_removed, n.has_dci AS has_dci,
    n.form_pattern = '' OR REGEXP_MATCHES(n.words, n.form_pattern) AS has_form,
    n.form_out_pattern <> '' AND REGEXP_MATCHES(n.words, n.form_out_pattern) AS has_form_out,
    n.strengths = 0 OR m.cis IS NOT NULL AS has_strength
FROM near AS n
LEFT JOIN same_strength AS m ON m.group_id = n.group_id AND m.cis = n.cis;

CREATE TEMP TABLE group_speciality AS
SELECT DISTINCT group_id AS group_id, cis AS cis
FROM group_fit
WHERE is_added OR (has_dci AND has_form AND NOT has_form_out AND has_strength AND NOT is_removed);

CREATE TABLE group_presentation AS
SELECT DISTINCT g.group_id AS group_id, p.cip13 AS cip13
FROM group_speciality AS g
INNER JOIN presentation AS p ON p.cis = g.cis
ORDER BY 1, 2;

CREATE TABLE tracked_group AS
SELECT
    r.plan AS plan, r.group_id AS group_id, r.label AS label, r.dci AS dci,
    COALESCE(MIN(p.dci_key), REPLACE(REPLACE(folded(r.dci), ' / ', '--'), ' ', '-')) AS dci_key,
    r.order_no AS order_no, COUNT(p.cip13) AS presentations
FROM group_rule AS r
LEFT JOIN group_presentation AS g ON g.group_id = r.group_id
LEFT JOIN presentation AS p ON p.cip13 = g.cip13
GROUP BY r.plan, r.group_id, r.label, r.dci, r.order_no
ORDER BY r.plan, r.order_no;

-- What a figure may be about: a followed group, or a whole DCI.
CREATE TABLE subject AS
SELECT
    g.group_id AS subject_id, 'groupe' AS kind, g.label AS label, g.dci AS dci, g.dci_key AS dci_key, g.plan AS plan,
    folded(g.label || ' ' || g.dci) AS search_text
FROM tracked_group AS g
UNION ALL
SELECT
    'dci:' || p.dci_key AS subject_id, 'dci' AS kind, UPPER(LEFT(MIN(p.dci), 1)) || SUBSTRING(MIN(p.dci), 2) AS label,
    MIN(p.dci) AS dci, p.dci_key AS dci_key, CAST(NULL AS VARCHAR) AS plan, folded(MIN(p.dci)) AS search_text
FROM speciality AS p
WHERE p.dci_key IS NOT NULL
GROUP BY p.dci_key
ORDER BY kind DESC, subject_id;

CREATE TEMP TABLE subject_presentation AS
SELECT group_id AS subject_id, cip13 AS cip13 FROM group_presentation
UNION ALL
SELECT 'dci:' || dci_key AS subject_id, cip13 AS cip13 FROM presentation WHERE dci_key IS NOT NULL;

-- Bands of a subject: those of its plan; for a whole DCI, of each link those of the first plan that follows it.
CREATE TEMP TABLE subject_band AS
WITH first_band AS (
    SELECT l.*, ROW_NUMBER() OVER (PARTITION BY l.link ORDER BY p.order_no, p.plan) AS rank
    FROM plan_link AS l
    INNER JOIN plan AS p ON p.plan = l.plan
)
SELECT
    s.subject_id AS subject_id, l.link AS link, l.label AS label, l.order_no AS order_no, l.source_key AS source_key,
    l.satisfactory_days AS satisfactory_days, l.acceptable_days AS acceptable_days, l.denominator AS denominator
FROM subject AS s
INNER JOIN first_band AS l ON l.plan = s.plan OR (s.plan IS NULL AND l.rank = 1);
