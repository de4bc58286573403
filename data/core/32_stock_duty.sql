-- Quel stock de sécurité chaque spécialité doit-elle, depuis quand, et dans quelle unité additionner ses boîtes ?
-- A decision of the agency wins over the list of four months, which wins over the general rule; each from its day on,
-- until a later one of its kind replaces it. ``priority``: of those begun, the smallest is in force.
CREATE TEMP TABLE stock_duty AS
WITH step AS (
    SELECT
        l.cis, COALESCE(l.since_on, DATE '1900-01-01') AS since_on, l.is_named,
        CASE l.list WHEN 'décision de stock' THEN l.months ELSE COALESCE(l.months, p.safety_raised_months) END
            AS months,
        CASE l.list WHEN 'décision de stock' THEN 'décision' ELSE 'liste 4 mois' END AS origin,
        CASE l.list WHEN 'décision de stock' THEN 1 ELSE 2 END AS strength
    FROM list_member AS l
    CROSS JOIN parameter AS p
    WHERE l.list IN ('stock 4 mois', 'décision de stock')
    UNION ALL
    SELECT
        d.cis, DATE '1900-01-01' AS since_on, TRUE AS is_named, p.safety_months AS months, 'règle générale' AS origin,
        3 AS strength
    FROM (
        SELECT DISTINCT cis FROM list_member WHERE list IN ('MITM', 'vaccin', 'stock 4 mois', 'décision de stock')
    ) AS d
    CROSS JOIN parameter AS p
)
SELECT
    s.cis AS cis, s.since_on AS since_on, s.months AS months, s.origin AS origin,
    ROW_NUMBER() OVER (
        PARTITION BY s.cis ORDER BY s.strength, s.since_on DESC, s.is_named DESC, s.months DESC
    ) AS priority
FROM step AS s
WHERE s.months IS NOT NULL
    AND s.cis IN (SELECT b.cis FROM presentation AS b WHERE NOT is_withdrawn(b.marketing_state))
ORDER BY 1, 5;

-- Boxes on the market of the specialities that owe it.
CREATE TEMP TABLE owed_presentation AS
SELECT b.cip13, b.cis
FROM presentation AS b
WHERE NOT is_withdrawn(b.marketing_state) AND b.cis IN (SELECT d.cis FROM stock_duty AS d);

-- Who owes it: a presentation handed over to another company is no longer owed by the one that stopped reporting it.
CREATE TEMP TABLE stock_debtor AS
WITH spoken AS (
    SELECT cip13, participant AS laboratory, MIN(week) AS first_week, MAX(week) AS last_week
    FROM stock_presence
    WHERE link = 'exploitants'
    GROUP BY cip13, participant
)
SELECT s.cip13, o.cis, s.laboratory, s.first_week
FROM spoken AS s
INNER JOIN owed_presentation AS o ON o.cip13 = s.cip13
INNER JOIN newest_week AS n ON n.link = 'exploitants'
CROSS JOIN parameter AS p
INNER JOIN (SELECT cip13, MAX(last_week) AS last_week FROM spoken GROUP BY cip13) AS l ON l.cip13 = s.cip13
WHERE s.last_week >= n.week - week_days(p.expected_weeks) OR s.last_week = l.last_week;

-- In what the boxes of one speciality at one company are added: a single one, in boxes; several, in the unit that all
-- their sizes share; else in containers, if they share a name and no label gives them different quantities;
-- else in nothing: ``unit_word`` is NULL. ``factor``: that unit per box.
CREATE TEMP TABLE stock_unit AS
WITH sized AS (
    SELECT k.cip13, k.cis, k.laboratory, z.units, z.unit_word, z.containers, z.container_word, z.content
    FROM stock_debtor AS k
    INNER JOIN presentation_size AS z ON z.cip13 = k.cip13
),
chosen AS (
    SELECT
        cis, laboratory, COUNT(*) AS boxes,
        COUNT(units) = COUNT(*) AND COUNT(DISTINCT unit_word) = 1 AS is_by_unit,
        COUNT(containers) = COUNT(*) AND COUNT(DISTINCT container_word) = 1 AND COUNT(DISTINCT content) <= 1
            AS is_by_container,
        CASE
            WHEN COUNT(units) < COUNT(*)
                THEN 'contenu non lu au libellé de '
                    || STRING_AGG(CASE WHEN units IS NULL THEN cip13 END, ', ' ORDER BY cip13)
            ELSE 'contenus dans des unités différentes (' || STRING_AGG(DISTINCT unit_word, ', ' ORDER BY unit_word)
                || ')'
        END AS unadded_reason
    FROM sized
    GROUP BY cis, laboratory
)
SELECT
    s.cip13, s.cis, s.laboratory,
    CASE
        WHEN c.boxes = 1 THEN 'boîte'
        WHEN c.is_by_unit THEN s.unit_word
        WHEN c.is_by_container THEN s.container_word
    END AS unit_word,
    CASE WHEN c.boxes = 1 THEN 1 WHEN c.is_by_unit THEN s.units WHEN c.is_by_container THEN s.containers END AS factor,
    CASE WHEN c.boxes > 1 AND NOT c.is_by_unit AND NOT c.is_by_container THEN c.unadded_reason END AS unadded_reason
FROM sized AS s
INNER JOIN chosen AS c ON c.cis = s.cis AND c.laboratory = s.laboratory;

-- A manual reference of the exploitants in force on the day of the snapshot.
CREATE TEMP TABLE stock_manual AS
SELECT b.cis AS cis, MAX_BY(m.reason, m.since) AS manual_reason
FROM manual_reference AS m
INNER JOIN subject_presentation AS s ON s.subject_id = m.subject_id
INNER JOIN presentation AS b ON b.cip13 = s.cip13
CROSS JOIN parameter AS p
WHERE m.link = 'exploitants' AND m.since <= p.as_of AND (m.until IS NULL OR m.until >= p.as_of)
GROUP BY b.cis;
