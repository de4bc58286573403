-- Quelle part des boîtes dispensées l'est sur ordonnance ?
-- grain : sujet × période (4 dernières semaines reçues, 52 dernières)
-- unité : boîtes ; % des boîtes dont la part prescrite est connue
-- formule : boîtes sur ordonnance ÷ boîtes dispensées des mêmes lignes
-- absence : aucune ligne ne dit ses boîtes sur ordonnance
-- source : OpenHealth (métropole hors Corse)
-- règle : une ligne qui ne dit pas ses boîtes sur ordonnance, ou en dit plus qu'elle n'en dispense, n'est ni au
--   numérateur ni au dénominateur ; le chiffre dit quelle part des boîtes est ainsi connue. « Sans ordonnance » est le
--   reste des lignes connues, pas une vente en accès libre constatée
-- seuils : current_weeks, legal_weeks
-- état : openhealth
WITH period AS (
    SELECT n.last_week, w.weeks, n.last_week - week_days(w.weeks - 1) AS first_week
    FROM (SELECT MAX(week) AS last_week FROM dispensed) AS n
    CROSS JOIN (
        SELECT CAST(current_weeks AS INTEGER) AS weeks FROM parameter
        UNION
        SELECT CAST(legal_weeks AS INTEGER) AS weeks FROM parameter
    ) AS w
),
summed AS (
    SELECT
        s.subject_id, p.weeks, MIN(o.week) AS first_week, MAX(o.week) AS last_week, SUM(o.boxes) AS boxes,
        SUM(CASE WHEN o.prescribed_boxes <= o.boxes THEN o.boxes END) AS known_boxes,
        SUM(CASE WHEN o.prescribed_boxes <= o.boxes THEN o.prescribed_boxes END) AS prescribed_boxes
    FROM dispensed AS o
    INNER JOIN period AS p ON o.week BETWEEN p.first_week AND p.last_week
    INNER JOIN subject_presentation AS s ON s.cip13 = o.cip13
    GROUP BY s.subject_id, p.weeks
)
SELECT
    subject_id, weeks, first_week, last_week + 6 AS through_on, CAST(boxes AS DOUBLE) AS boxes,
    CAST(known_boxes AS DOUBLE) AS known_boxes, CAST(prescribed_boxes AS DOUBLE) AS prescribed_boxes,
    CAST(known_boxes - prescribed_boxes AS DOUBLE) AS unprescribed_boxes,
    exact_ratio(100 * prescribed_boxes, known_boxes) AS prescribed_pct,
    exact_ratio(100 * known_boxes, boxes) AS known_pct
FROM summed
WHERE known_boxes IS NOT NULL
ORDER BY subject_id, weeks
