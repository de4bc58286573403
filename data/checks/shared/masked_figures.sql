-- Un chiffre masqué est encore là, ou sa raison manque.
SELECT 'coverage_weekly' AS name, subject_id, link, week
FROM coverage_weekly
WHERE figure_state = 'masque' AND (
    state_reason IS NULL OR coverage_days IS NOT NULL OR status IS NOT NULL OR participants IS NOT NULL
)
UNION ALL
SELECT 'link_status' AS name, subject_id, link, week
FROM link_status
WHERE figure_state = 'masque' AND (
    state_reason IS NULL OR coverage_days IS NOT NULL OR status IS NOT NULL
    OR delta_4w_days IS NOT NULL OR spark IS NOT NULL
)
UNION ALL
SELECT 'sales_weekly' AS name, subject_id, NULL AS link, week
FROM sales_weekly
WHERE figure_state = 'masque' AND (state_reason IS NULL OR boxes IS NOT NULL)
UNION ALL
SELECT 'coverage_weekly' AS name, c.subject_id, c.link, c.week
FROM coverage_weekly AS c
INNER JOIN restricted.secrecy_link_week AS h ON h.subject_id = c.subject_id AND h.link = c.link AND h.week = c.week
WHERE (h.hides_stock AND c.stock_boxes IS NOT NULL) OR (h.hides_sales AND c.sales_boxes IS NOT NULL)
    OR (h.hides_current_demand AND c.current_daily_boxes IS NOT NULL)
    OR (h.hides_legal_demand AND c.legal_daily_boxes IS NOT NULL)
    OR (h.hides_current_days AND c.coverage_current_days IS NOT NULL)
    OR (h.hides_legal_days AND c.coverage_legal_days IS NOT NULL)
