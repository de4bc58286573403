-- Le médicament manque-t-il ici, depuis quand, et la situation s'aggrave-t-elle ?
-- grain : groupe suivi × département (101), dernière semaine du panel pour ce groupe
-- unité : jours de couverture, relevés, semaines
-- formule : alerte quand au moins 3 des 4 derniers relevés du département sont insatisfaisants ; tendance = sens de la
--   variation entre la moyenne des deux derniers relevés et celle des deux précédents, comparées en décimales exactes
-- absence : pas de relevé cette semaine, à confirmer, ou ventes sous le plancher de fiabilité
-- source : panel IQVIA
-- règle : un département qui répondait et ne répond plus n'a ni couverture ni statut : il est « en retard », puis
--   « absent », avec la date de son dernier relevé ; « hors panel » est celui qui n'a jamais répondu, ou plus depuis
--   longtemps. Son alerte tient tant qu'il est en retard : ne plus répondre n'est pas une amélioration. Quand tout le
--   panel manque, sa dernière semaine reste affichée avec sa date, puis « en retard ». Règle d'alerte inspirée de
--   CisMED (pharmaciens espagnols).
-- seuils : alert_window, alert_readings, trend_days, panel_late_weeks, panel_gone_weeks, floor_pharmacies,
--   floor_sales_boxes, grace_days
WITH joined AS (
    SELECT
        g.group_id AS subject_id, d.department, d.name, d.region, d.region_name, n.newest_week AS week,
        l.last_week + 6 AS last_measured_on, date_diff('day', l.last_week, n.newest_week) // 7 AS silent_weeks,
        c.coverage_days, c.status, c.figure_state AS week_state, c.pharmacies, c.sales_boxes, c.lowest_share_pct,
        w.territory IS NOT NULL AS is_pending,
        d.department IN (SELECT o.department FROM department_last AS o) AS is_in_panel,
        COALESCE(r.alert_readings, 0) AS alert_readings, COALESCE(r.readings, 0) AS alert_window, r.change,
        r.least_change, p.alert_readings AS least_readings, p.panel_late_weeks, p.panel_gone_weeks,
        date_diff('day', n.newest_week + 13, p.as_of) > t.rhythm_days + p.grace_days AS is_panel_late
    FROM tracked_group AS g
    CROSS JOIN department AS d
    CROSS JOIN parameter AS p
    INNER JOIN source AS t ON t.source_key = 'iqvia'
    LEFT JOIN panel_newest AS n ON n.subject_id = g.group_id
    LEFT JOIN department_last AS l ON l.subject_id = g.group_id AND l.department = d.department
    LEFT JOIN department_coverage AS c
        ON c.subject_id = g.group_id AND c.department = d.department AND c.week = n.newest_week
    LEFT JOIN panel_pending AS w
        ON w.subject_id = g.group_id AND w.level = 'departement' AND w.territory = d.department
        AND w.week = n.newest_week
    LEFT JOIN department_recent AS r ON r.subject_id = g.group_id AND r.department = d.department
),
stated AS (
    SELECT
        *,
        CASE
            WHEN week IS NULL THEN 'absent'
            WHEN status = 'non_pertinente' THEN 'non_pertinente'
            WHEN status IS NOT NULL AND is_panel_late THEN 'en_retard'
            WHEN status IS NOT NULL THEN week_state
            WHEN is_pending THEN 'absent'
            WHEN last_measured_on IS NULL OR silent_weeks > panel_gone_weeks THEN 'hors_panel'
            WHEN silent_weeks > panel_late_weeks THEN 'absent'
            ELSE 'en_retard'
        END AS figure_state,
        COALESCE(status, '') IN ('satisfaisante', 'acceptable', 'insatisfaisante') AS is_measured,
        COALESCE(status IS NULL AND NOT is_pending AND silent_weeks BETWEEN 1 AND panel_gone_weeks, FALSE) AS is_silent
    FROM joined
)
SELECT
    subject_id, department, name, region, region_name, week, last_measured_on, coverage_days, status, figure_state,
    CASE
        WHEN week IS NULL THEN 'Aucune mesure reçue.'
        WHEN status = 'non_pertinente' THEN 'Ventes ou nombre d''officines sous le plancher de fiabilité.'
        WHEN status IS NOT NULL THEN NULL
        WHEN is_pending THEN 'Mesure de la semaine à confirmer.'
        WHEN last_measured_on IS NULL AND is_in_panel THEN 'Jamais de relevé de ce médicament dans ce département.'
        WHEN last_measured_on IS NULL THEN 'Département hors du panel.'
        WHEN figure_state = 'hors_panel' THEN 'Sorti du panel, dernier relevé au '
        WHEN figure_state = 'absent' THEN 'Ne répond plus depuis ' || silent_weeks || ' semaines, dernier relevé au '
        ELSE 'N''a pas répondu cette semaine, dernier relevé au '
    END || CASE
        WHEN status IS NULL AND NOT is_pending AND last_measured_on IS NOT NULL
            THEN strftime(last_measured_on, '%d/%m/%Y') || '.'
        ELSE ''
    END AS state_reason,
    is_measured, is_silent, CASE WHEN is_silent THEN silent_weeks END AS silent_weeks, pharmacies, sales_boxes,
    lowest_share_pct, alert_readings, alert_window,
    figure_state <> 'hors_panel' AND (figure_state <> 'absent' OR is_pending) AND alert_readings >= least_readings
        AS in_alert,
    CASE
        WHEN NOT is_measured THEN NULL
        WHEN change > least_change THEN 'hausse'
        WHEN -change > least_change THEN 'baisse'
        WHEN change IS NOT NULL THEN 'stable'
    END AS trend
FROM stated
ORDER BY subject_id, department
