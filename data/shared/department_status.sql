-- État des départements : les jours et les alertes sortent, les boîtes des groupes masqués non.
SELECT
    d.* REPLACE (CASE WHEN NOT h.hides_sales AND d.pharmacies >= t.value THEN d.sales_boxes END AS sales_boxes)
FROM restricted.department_status AS d
INNER JOIN restricted.secrecy_panel AS h ON h.subject_id = d.subject_id
INNER JOIN restricted.threshold AS t ON t.name = 'floor_pharmacies'
ORDER BY d.subject_id, d.department
