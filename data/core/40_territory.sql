-- Que mesure le panel d'officines, par territoire et par semaine ?
CREATE TEMP TABLE panel_reading AS
SELECT
    i.group_id AS subject_id, i.level, i.territory, i.week, i.pharmacies, i.sales_boxes, i.sales_trend_pct,
    i.coverage_days, i.share_none_pct, i.share_low_pct, i.share_medium_pct, i.share_high_pct,
    i.pharmacies >= p.floor_pharmacies AND i.sales_boxes >= p.floor_sales_boxes
        AND i.coverage_days IS NOT NULL AS is_reliable
FROM last_line('iqvia_coverage', (group_id, level, territory, week)) AS i
CROSS JOIN parameter AS p;

-- Readings that wait to be confirmed: the territory is in the panel, its figure is not known yet.
CREATE TEMP TABLE panel_pending AS
SELECT DISTINCT r.group_id AS subject_id, r.level, r.territory, r.week
FROM pending_row AS p
INNER JOIN iqvia_coverage_received AS r ON r.load_id = p.load_id AND r.line = p.line
WHERE p.lake_table = 'iqvia_coverage';

-- Last week of each group in the panel: what a department that stopped answering is measured against.
CREATE TEMP TABLE panel_newest AS
SELECT subject_id, MAX(week) AS newest_week
FROM panel_reading
WHERE level = 'departement'
GROUP BY subject_id;

-- Last reading of each department, confirmed or not.
CREATE TEMP TABLE department_last AS
SELECT r.subject_id AS subject_id, r.department AS department, MAX(r.week) AS last_week
FROM (
    SELECT subject_id, territory AS department, week FROM panel_reading WHERE level = 'departement'
    UNION ALL
    SELECT subject_id, territory AS department, week FROM panel_pending WHERE level = 'departement'
) AS r
INNER JOIN panel_newest AS n ON n.subject_id = r.subject_id AND n.newest_week >= r.week
GROUP BY r.subject_id, r.department;

-- What the last readings of a department show. Means are compared by their sums, without a division:
-- a / n − b / m > t is a × m − b × n > t × n × m. A reading older than those of a late department counts no more.
CREATE TEMP TABLE department_recent AS
WITH ranked AS (
    SELECT
        r.subject_id, r.territory AS department, r.is_reliable,
        CASE WHEN r.is_reliable THEN CAST(r.coverage_days AS DECIMAL(18, 6)) END AS coverage_days,
        coverage_status(r.coverage_days, b.satisfactory_days, b.acceptable_days) AS status,
        ROW_NUMBER() OVER (PARTITION BY r.subject_id, r.territory ORDER BY r.week DESC) AS rank
    FROM panel_reading AS r
    INNER JOIN panel_newest AS n ON n.subject_id = r.subject_id
    INNER JOIN subject_band AS b ON b.subject_id = r.subject_id AND b.link = 'officines'
    CROSS JOIN parameter AS p
    WHERE r.level = 'departement' AND r.week > n.newest_week - week_days(p.alert_window + p.panel_late_weeks)
),
summed AS (
    SELECT
        k.subject_id AS subject_id, k.department AS department,
        COUNT(CASE WHEN k.rank <= p.alert_window THEN 1 END) AS readings,
        COUNT(CASE WHEN k.rank <= p.alert_window AND k.is_reliable AND k.status = 'insatisfaisante' THEN 1 END)
            AS alert_readings,
        SUM(CASE WHEN k.rank <= 2 THEN k.coverage_days END) AS recent_days,
        COUNT(CASE WHEN k.rank <= 2 THEN k.coverage_days END) AS recent_readings,
        SUM(CASE WHEN k.rank IN (3, 4) THEN k.coverage_days END) AS before_days,
        COUNT(CASE WHEN k.rank IN (3, 4) THEN k.coverage_days END) AS before_readings
    FROM ranked AS k
    CROSS JOIN parameter AS p
    GROUP BY k.subject_id, k.department
)
SELECT
    s.subject_id, s.department, s.readings, s.alert_readings,
    s.recent_days * s.before_readings - s.before_days * s.recent_readings AS change,
    CAST(p.trend_days AS DECIMAL(9, 4)) * s.recent_readings * s.before_readings AS least_change
FROM summed AS s
CROSS JOIN parameter AS p;
