-- Combien de boîtes les officines dispensent-elles, et combien l'an dernier à la même période ?
-- grain : sujet × semaine ISO
-- unité : boîtes dispensées par semaine, toutes régions du panel
-- formule : somme des régions ; saison précédente = même semaine 52 semaines plus tôt
-- absence : semaine non reçue, ou détaillée sans total et dont une ligne n'a pas pu être lue ; pas d'année précédente
-- source : OpenHealth (métropole hors Corse)
-- règle : la saison passée est un repère de lecture, pas un dénominateur
-- état : openhealth
WITH unknown AS (
    SELECT s.subject_id AS subject_id, d.week AS week
    FROM dispensed_unknown AS d
    INNER JOIN subject_presentation AS s ON s.cip13 = d.cip13
),
weekly AS (
    SELECT s.subject_id AS subject_id, o.week AS week, SUM(o.boxes) AS boxes
    FROM dispensed AS o
    INNER JOIN subject_presentation AS s ON s.cip13 = o.cip13
    ANTI JOIN unknown AS u ON u.subject_id = s.subject_id AND u.week = o.week
    GROUP BY s.subject_id, o.week
)
SELECT
    w.subject_id, w.week, CAST(w.boxes AS DOUBLE) AS boxes, CAST(l.boxes AS DOUBLE) AS last_season_boxes
FROM weekly AS w
LEFT JOIN weekly AS l ON l.subject_id = w.subject_id AND l.week = w.week - 364
ORDER BY w.subject_id, w.week
