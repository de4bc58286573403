-- Couverture des officines par département : les jours sortent, les boîtes et les petits nombres d'officines non.
SELECT
    d.subject_id, d.department, d.week, d.coverage_days, d.status, d.figure_state, d.pharmacies,
    CASE WHEN NOT h.hides_sales AND d.pharmacies >= t.value THEN d.sales_boxes END AS sales_boxes,
    CASE WHEN d.pharmacies >= t.value THEN d.share_none_pct END AS share_none_pct,
    CASE WHEN d.pharmacies >= t.value THEN d.share_low_pct END AS share_low_pct,
    CASE WHEN d.pharmacies >= t.value THEN d.share_medium_pct END AS share_medium_pct,
    CASE WHEN d.pharmacies >= t.value THEN d.share_high_pct END AS share_high_pct,
    d.lowest_share_pct
FROM restricted.department_coverage AS d
INNER JOIN restricted.secrecy_panel AS h ON h.subject_id = d.subject_id
INNER JOIN restricted.threshold AS t ON t.name = 'floor_pharmacies'
ORDER BY d.subject_id, d.department, d.week
