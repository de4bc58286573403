-- Quelles présentations entrent dans chaque groupe suivi ?
-- Rules are matched on text without case or accents; they run on the whole referential at each refresh.
CREATE TEMP TABLE group_speciality AS
SELECT DISTINCT g.group_id AS group_id, s.cis AS cis
FROM group_rule AS g
INNER JOIN speciality AS s
    ON list_contains(g.cis_in, s.cis)
    OR (
        folded(s.dci) = folded(g.dci)
        AND (
            g.form_pattern = ''
            OR regexp_matches(folded(s.denomination || ' ' || COALESCE(s.form, '')), g.form_pattern)
        )
        AND (
            g.strength_pattern = ''
            OR regexp_matches(folded(s.denomination), g.strength_pattern)
        )
        AND NOT list_contains(g.cis_out, s.cis)
    );

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

-- Bands of a subject: those of its plan, or for a whole DCI those of the first plan.
CREATE TEMP TABLE subject_band AS
SELECT
    s.subject_id AS subject_id, l.link AS link, l.label AS label, l.order_no AS order_no, l.source_key AS source_key,
    l.satisfactory_days AS satisfactory_days, l.acceptable_days AS acceptable_days, l.denominator AS denominator
FROM subject AS s
INNER JOIN plan AS p
    ON p.plan = COALESCE(s.plan, (SELECT first.plan FROM plan AS first ORDER BY first.order_no, first.plan LIMIT 1))
INNER JOIN plan_link AS l ON l.plan = p.plan;
