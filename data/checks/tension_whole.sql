-- Une classe de tension contredit les maillons ou les départements comptés.
SELECT p.group_id, p.tension FROM plan_status AS p
LEFT JOIN (SELECT subject_id, MIN(gravity) AS gravest FROM link_status GROUP BY subject_id) AS l
    ON l.subject_id = p.group_id
WHERE (l.gravest = 0) <> (COALESCE(p.tension, '') = 'nationale')
    OR (p.tension IN ('diffuse', 'localisee') AND p.departments_insufficient = 0)
    OR (p.tension = 'aucune' AND (p.departments_insufficient > 0 OR p.unknown_links IS NOT NULL))
    OR p.departments_insufficient > p.departments_measured
    OR p.tension NOT IN ('nationale', 'diffuse', 'localisee', 'aucune')
