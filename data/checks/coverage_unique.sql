-- Deux couvertures existent pour le même sujet, le même maillon et la même semaine.
SELECT subject_id, link, week, COUNT(*) AS rows FROM coverage_weekly GROUP BY subject_id, link, week HAVING COUNT(*) > 1
