-- Combien de préparations magistrales ont été faites après une recommandation, semaine après semaine ?
-- grain : sujet (groupe suivi ou DCI) × semaine ISO
-- unité : préparations magistrales par semaine ; officines qui en ont fait
-- formule : nombre compté par l'ANSM, saisi sur la page Molécule ou reçu dans un fichier
-- absence : une semaine sans ligne est inconnue, jamais zéro ; 0 est un zéro compté ; officines non comptées ; un
--   fichier qui écrit le sujet de deux façons et le compte différemment ne dit rien de la semaine
-- source : journal de Vigistock (saisie de l'ANSM), fichier des semaines passées
-- règle : une semaine saisie l'emporte sur celle d'un fichier pour le même sujet ; une correction remplace, la
--   précédente reste au journal. La dernière semaine connue d'un sujet est « en retard » quand elle est finie depuis
--   plus de carry_weeks + 1 semaines. Les préparations d'un groupe et de sa DCI ne s'additionnent pas : elles peuvent
--   être les mêmes.
-- seuils : carry_weeks
WITH last_known AS (
    SELECT subject_id, MAX(week) AS last_week FROM preparation_line GROUP BY subject_id
)
SELECT
    w.subject_id, w.week, w.preparations, w.pharmacies, w.recommendation_on, w.reason, w.origin,
    w.week = k.last_week AS is_last,
    CASE
        WHEN w.week = k.last_week AND p.as_of - (w.week + 6) > week_days(p.carry_weeks + 1) THEN 'en_retard'
        ELSE 'a_jour'
    END AS figure_state,
    date_diff('day', w.week + 6, p.as_of) AS age_days
FROM preparation_line AS w
INNER JOIN last_known AS k ON k.subject_id = w.subject_id
CROSS JOIN parameter AS p
ORDER BY w.subject_id, w.week
