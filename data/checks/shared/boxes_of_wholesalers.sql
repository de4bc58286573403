-- Des boîtes de grossistes-répartiteurs sont dans la version partageable.
SELECT subject_id, week FROM coverage_weekly
WHERE link = 'grossistes'
    AND COALESCE(stock_boxes, sales_boxes, legal_daily_boxes, current_daily_boxes, missing_share_pct) IS NOT NULL
UNION ALL
SELECT subject_id,
    week FROM link_status WHERE link = 'grossistes' AND COALESCE(stock_boxes, missing_share_pct) IS NOT NULL
