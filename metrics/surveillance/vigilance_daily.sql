-- Quels départements sont en vigilance canicule, aujourd'hui et demain ?
-- grain : jour × département × échéance (J, J1)
-- unité : couleur de vigilance, de 1 (vert) à 4 (rouge)
-- formule : couleur la plus haute de la dernière carte émise ce jour-là pour le phénomène 6 (canicule)
-- absence : hors saison le phénomène n'est pas publié ; hors hexagone et Corse il ne l'est jamais. Absent ne veut pas
--   dire vert
-- source : Météo-France, vigilance
-- règle : couleurs officielles, reprises sans changement
-- état : vigilance
SELECT
    CAST(valid_from AS DATE) AS day, department, horizon, colour_id, issued_at
FROM (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY CAST(valid_from AS DATE), department, horizon ORDER BY issued_at DESC, load_id DESC
        ) AS rank
    FROM vigilance_level
    WHERE phenomenon = '6'
) AS ranked
WHERE rank = 1
ORDER BY day, department, horizon
