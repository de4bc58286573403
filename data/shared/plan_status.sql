-- État des plans partageable : maillon le plus faible et classe de tension, cherchés parmi les maillons visibles.
-- A class kept from the whole, even emptied where a hidden link explains it, would tell the status of that link.
WITH weakest AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY subject_id ORDER BY gravity, coverage_days / satisfactory_days, order_no
        ) AS rank
    FROM link_status
    WHERE gravity < 3
),
country AS (
    SELECT
        subject_id, MIN(gravity) AS gravity, MAX(CASE WHEN link = 'officines' THEN status END) AS pharmacy_status
    FROM link_status
    GROUP BY subject_id
)
SELECT
    p.plan, p.group_id, p.label, p.order_no, p.dci_key, p.presentations,
    w.link AS weakest_link, w.label AS weakest_label, w.status AS weakest_status, w.coverage_days AS weakest_days,
    w.measured_on AS weakest_on, w.figure_state AS weakest_state, p.open_declarations,
    CASE
        WHEN c.gravity = 0 THEN 'nationale'
        WHEN c.pharmacy_status = 'acceptable' AND 100.0 * p.departments_insufficient > t.value * p.departments_measured
            THEN 'diffuse'
        WHEN p.departments_insufficient > 0 THEN 'localisee'
    END AS tension,
    p.departments_insufficient, p.departments_measured, p.departments_in_alert
FROM restricted.plan_status AS p
INNER JOIN restricted.threshold AS t ON t.name = 'diffuse_share_pct'
LEFT JOIN weakest AS w ON w.subject_id = p.group_id AND w.rank = 1
LEFT JOIN country AS c ON c.subject_id = p.group_id
ORDER BY p.plan, p.order_no
