-- Un sujet n'a pas exactement un maillon le plus faible, ou un maillon plus grave est mieux classé.
SELECT subject_id FROM link_status
GROUP BY subject_id
HAVING COUNT(CASE WHEN weakness_rank = 1 THEN 1 END) <> CASE WHEN MIN(gravity) < 3 THEN 1 ELSE 0 END
    OR MIN(CASE WHEN weakness_rank = 1 THEN gravity END) > MIN(gravity)
