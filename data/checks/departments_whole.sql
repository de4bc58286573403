-- Un groupe suivi n'a pas ses 101 départements.
SELECT subject_id, COUNT(*) AS rows FROM department_status GROUP BY subject_id HAVING COUNT(*) <> 101
