-- Combien de boîtes sont remboursées par an, et à qui ?
-- grain : sujet (groupe suivi ou DCI) × année
-- unité : boîtes remboursées, euros
-- formule : somme des présentations du sujet au référentiel, par âge et par sexe du bénéficiaire ; évolution = boîtes
--   ÷ boîtes de l'année précédente − 1
-- absence : année précédente non reçue
-- source : Open Medic (Assurance maladie), référentiel public (BDPM)
-- règle : enfants de 0 à 19 ans, adultes de 20 à 59 ans, personnes âgées à partir de 60 ans : le fichier n'en
--   distingue pas d'autres
-- état : openmedic
WITH summed AS (
    SELECT
        s.subject_id, b.year, SUM(b.boxes) AS boxes, SUM(b.base_eur) AS base_eur,
        SUM(b.reimbursed_eur) AS reimbursed_eur,
        SUM(CASE WHEN b.age = '0' THEN b.boxes ELSE 0 END) AS children_boxes,
        SUM(CASE WHEN b.age = '20' THEN b.boxes ELSE 0 END) AS adult_boxes,
        SUM(CASE WHEN b.age = '60' THEN b.boxes ELSE 0 END) AS elderly_boxes,
        SUM(CASE WHEN b.age = '99' THEN b.boxes ELSE 0 END) AS unknown_age_boxes,
        SUM(CASE WHEN b.sex = '2' THEN b.boxes ELSE 0 END) AS women_boxes,
        SUM(CASE WHEN b.sex = '1' THEN b.boxes ELSE 0 END) AS men_boxes,
        SUM(CASE WHEN b.sex = '9' THEN b.boxes ELSE 0 END) AS unknown_sex_boxes,
        COUNT(DISTINCT b.cip13) AS presentations
    FROM subject_presentation AS s
    INNER JOIN openmedic_box AS b ON b.cip13 = s.cip13
    GROUP BY s.subject_id, b.year
)
SELECT
    n.*, o.boxes AS year_before_boxes, ROUND(exact_ratio(100 * (n.boxes - o.boxes), o.boxes), 1) AS change_pct
FROM summed AS n
LEFT JOIN summed AS o ON o.subject_id = n.subject_id AND o.year = n.year - 1
ORDER BY n.subject_id, n.year
