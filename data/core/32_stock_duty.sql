-- Quel stock de sécurité chaque présentation doit-elle, et depuis quand ?
-- A decision of the agency wins over the list of four months, which wins over the general rule; each from its day on.
CREATE TEMP TABLE stock_duty AS
WITH speciality_duty AS (
    SELECT
        l.cis AS cis,
        MAX(CASE WHEN l.list = 'décision de stock' THEN l.months END) AS decided_months,
        MAX(CASE WHEN l.list = 'décision de stock' THEN COALESCE(l.since_on, DATE '1900-01-01') END) AS decided_since,
        MAX(CASE WHEN l.list = 'stock 4 mois' THEN COALESCE(l.months, p.safety_raised_months) END) AS raised_months,
        MAX(CASE WHEN l.list = 'stock 4 mois' THEN COALESCE(l.since_on, DATE '1900-01-01') END) AS raised_since
    FROM speciality_list AS l
    CROSS JOIN parameter AS p
    WHERE l.list IN ('MITM', 'vaccin', 'stock 4 mois', 'décision de stock')
    GROUP BY l.cis
),
step AS (
    SELECT cis, decided_since AS since_on, decided_months AS months, 'décision' AS origin, 1 AS priority
    FROM speciality_duty
    WHERE decided_months IS NOT NULL
    UNION ALL
    SELECT cis, raised_since AS since_on, raised_months AS months, 'liste 4 mois' AS origin, 2 AS priority
    FROM speciality_duty
    WHERE raised_months IS NOT NULL
    UNION ALL
    SELECT d.cis, DATE '1900-01-01' AS since_on, p.safety_months AS months, 'règle générale' AS origin, 3 AS priority
    FROM speciality_duty AS d
    CROSS JOIN parameter AS p
)
SELECT b.cip13 AS cip13, s.since_on AS since_on, s.months AS months, s.origin AS origin, s.priority AS priority
FROM step AS s
INNER JOIN presentation AS b ON b.cis = s.cis
WHERE NOT is_withdrawn(b.marketing_state)
ORDER BY 1, 5;

-- Who owes it: a presentation handed over to another company is no longer owed by the one that stopped reporting it.
CREATE TEMP TABLE stock_debtor AS
WITH spoken AS (
    SELECT cip13, participant AS laboratory, MAX(week) AS last_week
    FROM stock_presence
    WHERE link = 'exploitants'
    GROUP BY cip13, participant
)
SELECT s.cip13, s.laboratory
FROM spoken AS s
INNER JOIN newest_week AS n ON n.link = 'exploitants'
CROSS JOIN parameter AS p
INNER JOIN (SELECT cip13, MAX(last_week) AS last_week FROM spoken GROUP BY cip13) AS l ON l.cip13 = s.cip13
WHERE s.last_week >= n.week - week_days(p.expected_weeks) OR s.last_week = l.last_week;

-- A manual reference of the exploitants in force on the day of the snapshot.
CREATE TEMP TABLE stock_manual AS
SELECT s.cip13 AS cip13, MAX_BY(m.reason, m.since) AS manual_reason
FROM manual_reference AS m
INNER JOIN subject_presentation AS s ON s.subject_id = m.subject_id
CROSS JOIN parameter AS p
WHERE m.link = 'exploitants' AND m.since <= p.as_of AND (m.until IS NULL OR m.until >= p.as_of)
GROUP BY s.cip13;
