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
WHERE b.marketing_state IS NULL OR NOT REGEXP_MATCHES(LOWER(strip_accents(b.marketing_state)), 'arret')
ORDER BY 1, 5;
