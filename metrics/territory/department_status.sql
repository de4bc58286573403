-- Le médicament manque-t-il ici, depuis quand, et la situation s'aggrave-t-elle ?
-- grain : groupe suivi × département (101), dernière semaine du panel
-- unité : jours de couverture, relevés en alerte
-- formule : alerte quand au moins 3 des 4 derniers relevés sont insatisfaisants ; tendance = sens de la variation entre
--   la moyenne des deux derniers relevés et celle des deux précédents
-- absence : hors panel, ou ventes sous le plancher de fiabilité
-- source : panel IQVIA
-- règle : règle d'alerte inspirée de CisMED (pharmaciens espagnols)
-- seuils : alert_window, alert_readings, trend_days, floor_pharmacies, floor_sales_boxes, grace_days
WITH newest AS (
    SELECT subject_id, MAX(week) AS newest_week
    FROM department_coverage
    GROUP BY subject_id
),
recent AS (
    SELECT
        c.subject_id AS subject_id, c.department AS department,
        COUNT(CASE WHEN c.status = 'insatisfaisante' THEN 1 END) AS alert_readings,
        AVG(CASE WHEN c.week > n.newest_week - 14 THEN c.coverage_days END) AS recent_days,
        AVG(CASE WHEN c.week <= n.newest_week - 14 THEN c.coverage_days END) AS before_days
    FROM department_coverage AS c
    INNER JOIN newest AS n ON n.subject_id = c.subject_id
    CROSS JOIN parameter AS p
    WHERE c.week > n.newest_week - week_days(p.alert_window)
    GROUP BY c.subject_id, c.department
)
SELECT
    g.group_id AS subject_id, d.department, d.name, d.region, d.region_name,
    n.newest_week AS week, c.coverage_days,
    COALESCE(c.status, 'non_pertinente') AS status,
    CASE
        WHEN c.department IS NULL AND w.territory IS NOT NULL THEN 'absent'
        WHEN c.department IS NULL THEN 'hors_panel'
        WHEN c.status = 'non_pertinente' THEN 'non_pertinente'
        WHEN date_diff('day', n.newest_week + 13, p.as_of) > t.rhythm_days + p.grace_days THEN 'en_retard'
        ELSE c.figure_state
    END AS figure_state,
    CASE
        WHEN n.newest_week IS NULL THEN 'Aucune mesure reçue.'
        WHEN c.department IS NULL AND w.territory IS NOT NULL THEN 'Mesure de la semaine à confirmer.'
        WHEN c.department IS NULL THEN 'Département hors du panel.'
        WHEN c.status = 'non_pertinente' THEN 'Ventes ou nombre d''officines sous le plancher de fiabilité.'
    END AS state_reason,
    c.pharmacies, c.sales_boxes, c.lowest_share_pct,
    COALESCE(r.alert_readings, 0) AS alert_readings,
    CAST(p.alert_window AS INTEGER) AS alert_window,
    COALESCE(r.alert_readings >= p.alert_readings, FALSE) AS in_alert,
    CASE
        WHEN r.recent_days - r.before_days > p.trend_days THEN 'hausse'
        WHEN r.before_days - r.recent_days > p.trend_days THEN 'baisse'
        WHEN r.recent_days IS NOT NULL AND r.before_days IS NOT NULL THEN 'stable'
    END AS trend
FROM tracked_group AS g
CROSS JOIN department AS d
CROSS JOIN parameter AS p
INNER JOIN source AS t ON t.source_key = 'iqvia'
LEFT JOIN newest AS n ON n.subject_id = g.group_id
LEFT JOIN department_coverage AS c
    ON c.subject_id = g.group_id AND c.department = d.department AND c.week = n.newest_week
LEFT JOIN panel_pending AS w
    ON w.subject_id = g.group_id AND w.level = 'departement' AND w.territory = d.department AND w.week = n.newest_week
LEFT JOIN recent AS r ON r.subject_id = g.group_id AND r.department = d.department
ORDER BY g.group_id, d.department
