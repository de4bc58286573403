-- Quelles présentations manquent d'un fichier qui est arrivé, alors que son émetteur les relevait ?
-- grain : émetteur × présentation, la dernière semaine reçue de son maillon
-- unité : –
-- formule : présentation relevée par l'émetteur dans les dernières semaines attendues et absente de son dernier fichier
--   de la même source
-- absence : aucune présentation ne manque
-- source : TracStocks, PointStock, fichier des grossistes ; décisions du gestionnaire des données
-- règle : reportée une semaine, puis sortie de la somme, stock et demande. « absent = 0 », décidé par émetteur et par
--   source : stock nul, ventes de la semaine inconnues, demande du dernier relevé
-- seuils : carry_weeks, expected_weeks
SELECT
    w.left_out_source AS source_key, w.link AS link,
    w.participant AS reporter, w.cip13 AS cip13, b.denomination AS label, w.week AS week, r.week AS last_week,
    CASE
        WHEN w.is_zero THEN 'comptée nulle'
        WHEN w.is_out THEN 'sortie de la somme'
        ELSE 'reportée'
    END AS state
FROM stock_week AS w
INNER JOIN newest_week AS n ON n.link = w.link AND n.week = w.week
INNER JOIN (
    SELECT link, cip13, participant, MAX(week) AS week FROM stock_presence GROUP BY link, cip13, participant
) AS r ON r.link = w.link AND r.cip13 = w.cip13 AND r.participant = w.participant
LEFT JOIN presentation AS b ON b.cip13 = w.cip13
WHERE w.is_left_out OR w.is_zero
ORDER BY 1, 3, 4
