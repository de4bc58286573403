-- Quelles présentations entrent dans un total déjà partagé ?
-- grain : série × présentation × semaine ISO
-- unité : –
-- formule : présentations des totaux partagés par l'instantané précédent ou par celui-ci
-- absence : jamais partagée
-- source : instantanés publiés
-- règle : un total partagé plus tard ne peut pas reprendre une présentation déjà comptée cette semaine-là
SELECT series, cip13, week FROM shared_box_before
UNION
SELECT p.series, p.cip13, p.week
FROM piece AS p
INNER JOIN share_verdict AS v ON v.series = p.series AND v.subject_id = p.piece AND v.week = p.week
WHERE p.step = 'total' AND v.hidden_for IS NULL
ORDER BY series, cip13, week
