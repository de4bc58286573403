-- Un total déjà partagé le serait de nouveau avec une autre valeur.
SELECT v.series, v.subject_id, v.week, v.boxes, b.boxes AS boxes_before
FROM share_verdict AS v
INNER JOIN shared_total_before AS b ON b.series = v.series AND b.subject_id = v.subject_id AND b.week = v.week
WHERE v.hidden_for IS NULL AND ABS(v.boxes - b.boxes) > 0.5
