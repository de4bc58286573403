-- Le maillon le plus faible montré est masqué, ou une classe de tension ne se déduit pas des maillons montrés.
SELECT p.group_id, p.weakest_link, p.tension
FROM plan_status AS p
LEFT JOIN link_status AS l ON l.subject_id = p.group_id AND l.link = p.weakest_link
LEFT JOIN (
    SELECT subject_id,
        COUNT(CASE WHEN status = 'insatisfaisante' THEN 1 END) AS insufficient FROM link_status GROUP BY subject_id
) AS s ON s.subject_id = p.group_id
WHERE (p.weakest_link IS NOT NULL AND l.status IS NULL)
    OR COALESCE(p.tension = 'nationale', FALSE) <> COALESCE(s.insufficient > 0, FALSE)
