-- Que disent les signaux faibles (présence chez les répartiteurs, tension en officine), présentation par présentation ?
-- Hints, never a status: no coverage, no band, no alert and no declaration reads these tables.

-- One line by source, territory, presentation and day; a week is known to its Sunday. Of a key, the last one received.
CREATE TEMP TABLE signal_line AS
SELECT
    'csrp' AS source_key, level, territory, cip13, CAST(week AS DATE) + 6 AS read_on,
    agencies_with_box_pct AS presence_pct, CAST(NULL AS BIGINT) AS tension_rank, CAST(NULL AS DOUBLE) AS coverage_days,
    agencies AS observed
FROM last_line('csrp_presence', (week, cip13, level, territory))
UNION ALL
SELECT
    'vigirupture' AS source_key, 'national' AS level, 'FR' AS territory, cip13, CAST(read_on AS DATE) AS read_on,
    CAST(NULL AS DOUBLE) AS presence_pct,
    CASE tension_level WHEN 'aucune' THEN 0 WHEN 'faible' THEN 1 WHEN 'moyenne' THEN 2 WHEN 'forte' THEN 3 END
        AS tension_rank,
    coverage_days, pharmacies AS observed
FROM last_line('vigirupture_tension', (read_on, cip13));

-- Last day known of each territory, and the day it is compared with.
CREATE TEMP TABLE signal_day AS
SELECT
    l.source_key, l.level, l.territory, MAX(l.read_on) AS newest_on,
    MAX(l.read_on) - week_days(MAX(p.signal_weeks)) AS compared_on, MAX(p.carry_weeks) AS carry_weeks,
    MAX(p.expected_weeks) AS expected_weeks
FROM signal_line AS l
CROSS JOIN parameter AS p
GROUP BY l.source_key, l.level, l.territory;

-- Each presentation on either day: its last line, carried as the reports of a chain are. ``is_missing``: its line is
-- too old to be carried, and still expected.
CREATE TEMP TABLE signal_reading AS
WITH moment AS (
    SELECT *, TRUE AS is_now, newest_on AS moment_on FROM signal_day
    UNION ALL
    SELECT *, FALSE AS is_now, compared_on AS moment_on FROM signal_day
),
ranked AS (
    SELECT
        l.*, m.is_now, m.moment_on, m.carry_weeks, m.expected_weeks,
        ROW_NUMBER() OVER (
            PARTITION BY l.source_key, l.level, l.territory, l.cip13, m.is_now ORDER BY l.read_on DESC
        ) AS rank
    FROM signal_line AS l
    INNER JOIN moment AS m
        ON m.source_key = l.source_key AND m.level = l.level AND m.territory = l.territory AND m.moment_on >= l.read_on
)
SELECT
    r.source_key, r.level, r.territory, r.cip13, r.is_now, r.read_on, r.presence_pct, r.tension_rank, r.coverage_days,
    r.observed, r.read_on < r.moment_on AS is_carried, r.read_on < r.moment_on - week_days(r.carry_weeks) AS is_missing
FROM ranked AS r
WHERE r.rank = 1 AND r.read_on >= r.moment_on - week_days(r.expected_weeks);
