-- État des plans partageable : le maillon le plus faible est cherché parmi les maillons visibles.
WITH visible AS (
    SELECT
        *,
        CASE status WHEN 'insatisfaisante' THEN 0 WHEN 'acceptable' THEN 1 WHEN 'satisfaisante' THEN 2 ELSE 3 END AS gravity
    FROM link_status
),
weakest AS (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY subject_id ORDER BY gravity, coverage_days / satisfactory_days, order_no) AS rank
    FROM visible
    WHERE gravity < 3
),
threatened AS (
    SELECT subject_id, MIN(gravity) AS gravity, MAX(CASE WHEN figure_state = 'masque' THEN 1 ELSE 0 END) AS has_hidden
    FROM visible
    GROUP BY subject_id
)
SELECT
    p.plan, p.group_id, p.label, p.order_no, p.dci_key, p.presentations,
    w.link AS weakest_link, w.label AS weakest_label, w.status AS weakest_status, w.coverage_days AS weakest_days,
    w.measured_on AS weakest_on, w.figure_state AS weakest_state, p.open_declarations,
    -- A class that only a hidden link explains would tell its status.
    CASE WHEN p.tension = 'nationale' AND t.has_hidden = 1 AND t.gravity > 0 THEN NULL ELSE p.tension END AS tension,
    p.departments_insufficient, p.departments_measured, p.departments_in_alert
FROM restricted.plan_status AS p
LEFT JOIN weakest AS w ON w.subject_id = p.group_id AND w.rank = 1
LEFT JOIN threatened AS t ON t.subject_id = p.group_id
ORDER BY p.plan, p.order_no
