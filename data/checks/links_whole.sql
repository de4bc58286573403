-- Un groupe suivi n'a pas une ligne par maillon de son plan.
SELECT g.group_id, COUNT(s.link) AS rows FROM tracked_group AS g LEFT JOIN link_status AS s ON s.subject_id = g.group_id
GROUP BY g.group_id, g.plan HAVING COUNT(s.link) <> (SELECT COUNT(*) FROM plan_link AS l WHERE l.plan = g.plan)
