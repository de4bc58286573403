-- À qui les boîtes sont-elles dispensées : âge, sexe, origine ?
-- grain : sujet × dimension (âge, sexe, origine) × classe, 52 dernières semaines reçues
-- unité : boîtes ; % des boîtes détaillées selon cette dimension
-- formule : boîtes de la classe ÷ boîtes de toutes les classes de la même dimension, mêmes semaines
-- absence : la source n'a pas détaillé cette dimension, ou une ligne de son fichier n'a pas pu être lue (même semaine,
--   même présentation)
-- source : OpenHealth (métropole hors Corse)
-- règle : une ligne sans âge, sexe ni origine est un total, qui n'entre pas ici ; une ligne qui détaille n'entre pas
--   dans les ventes quand leur total est reçu. Si les mêmes boîtes sont détaillées de plusieurs façons (par âge,
--   puis par âge et sexe), une seule compte pour chaque dimension : celle du dernier fichier, la plus simple d'abord.
--   « Inconnu » est une classe. Les classes d'âge sont celles de la source
-- seuils : legal_weeks
-- état : openhealth
WITH named AS (
    SELECT *, 'age' AS dimension, age AS class FROM dispensed_part WHERE age IS NOT NULL
    UNION ALL
    SELECT *, 'sex' AS dimension, sex AS class FROM dispensed_part WHERE sex IS NOT NULL
    UNION ALL
    SELECT *, 'origin' AS dimension, origin AS class FROM dispensed_part WHERE origin IS NOT NULL
),
retained AS (
    SELECT
        week, cip13, region, dimension, cut,
        ROW_NUMBER() OVER (
            PARTITION BY week, cip13, region, dimension ORDER BY MAX(file_id) DESC, MIN(cuts), cut
        ) AS rank
    FROM named
    GROUP BY week, cip13, region, dimension, cut
),
period AS (
    SELECT MAX(d.week) - week_days(MAX(p.legal_weeks) - 1) AS first_week
    FROM dispensed_part AS d
    CROSS JOIN parameter AS p
),
summed AS (
    SELECT
        s.subject_id, n.dimension, n.class, MIN(n.week) AS first_week, MAX(n.week) + 6 AS through_on,
        SUM(n.boxes) AS boxes
    FROM named AS n
    INNER JOIN retained AS c
        ON c.week = n.week AND c.cip13 = n.cip13 AND c.region = n.region AND c.dimension = n.dimension
        AND c.cut = n.cut AND c.rank = 1
    INNER JOIN period AS p ON n.week >= p.first_week
    INNER JOIN subject_presentation AS s ON s.cip13 = n.cip13
    GROUP BY s.subject_id, n.dimension, n.class
)
SELECT
    subject_id, dimension, class, MIN(first_week) OVER whole AS first_week, MAX(through_on) OVER whole AS through_on,
    CAST(boxes AS DOUBLE) AS boxes, CAST(SUM(boxes) OVER whole AS DOUBLE) AS whole_boxes,
    exact_ratio(100 * boxes, SUM(boxes) OVER whole) AS share_pct
FROM summed
WINDOW whole AS (PARTITION BY subject_id, dimension)
ORDER BY subject_id, dimension, class
