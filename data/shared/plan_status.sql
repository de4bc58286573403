-- État des plans partageable : maillon le plus faible et classe de tension, cherchés parmi les maillons visibles.
-- A class kept from the whole, even emptied where a hidden link explains it, would reveal the status of that link.
-- Shares of sales are those of the laboratory when the group stands on few of them: hidden with its sales.
WITH country AS (
    SELECT
        subject_id, MIN(gravity) AS gravest, COUNT(CASE WHEN gravity = 3 THEN 1 END) AS unknown,
        STRING_AGG(CASE WHEN gravity = 3 THEN label END, ', ' ORDER BY order_no) AS unknown_links
    FROM link_status
    GROUP BY subject_id
)
SELECT
    p.plan, p.group_id, p.label, p.order_no, p.dci_key, p.presentations,
    w.link AS weakest_link, w.label AS weakest_label, w.status AS weakest_status, w.coverage_days AS weakest_days,
    w.bound_share_pct AS weakest_bound_pct, w.measured_on AS weakest_on, w.figure_state AS weakest_state,
    c.unknown_links, p.open_declarations, p.group_declarations,
    tension_class(
        c.gravest, c.unknown, p.departments_insufficient, p.departments_measured, p.departments_late, t.value, a.value
    ) AS tension,
    p.departments_insufficient, p.departments_measured, p.departments_in_alert, p.departments_silent,
    p.departments_late,
    CASE WHEN NOT h.hides_sales THEN p.insufficient_sales_pct END AS insufficient_sales_pct,
    CASE WHEN NOT h.hides_sales THEN p.departments_mean_days END AS departments_mean_days
FROM restricted.plan_status AS p
INNER JOIN country AS c ON c.subject_id = p.group_id
INNER JOIN restricted.secrecy_panel AS h ON h.subject_id = p.group_id
INNER JOIN restricted.threshold AS t ON t.name = 'diffuse_share_pct'
INNER JOIN restricted.threshold AS a ON a.name = 'tension_answer_pct'
LEFT JOIN link_status AS w ON w.subject_id = p.group_id AND w.weakness_rank = 1
ORDER BY p.plan, p.order_no
