-- Ventes dispensées partageables : celles d'une DCI tenue par trop peu de laboratoires sont les leurs.
SELECT
    s.subject_id, s.week,
    CASE WHEN NOT h.is_hidden THEN s.boxes END AS boxes,
    CASE WHEN NOT l.is_hidden THEN s.last_season_boxes END AS last_season_boxes,
    CASE WHEN h.is_hidden THEN 'masque' ELSE 'a_jour' END AS figure_state,
    h.reason AS state_reason
FROM restricted.sales_weekly AS s
INNER JOIN restricted.secrecy_sales_week AS h ON h.subject_id = s.subject_id AND h.week = s.week
LEFT JOIN restricted.secrecy_sales_week AS l ON l.subject_id = s.subject_id AND l.week = s.week - 364
ORDER BY s.subject_id, s.week
