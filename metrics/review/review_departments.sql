-- Quels départements sont entrés en alerte, et pour quel médicament ?
-- grain : groupe suivi × département entré en alerte, sorti d'alerte, ou en alerte et dont on est sans nouvelles
-- unité : départements
-- formule : alertes de l'instantané en cours comparées à celles de référence
-- absence : aucun mouvement
-- source : panel IQVIA, instantanés publiés
-- règle : les entrées d'abord ; une alerte qui finit faute de mesure n'est pas une sortie
-- calcul : à la lecture
SELECT
    n.subject_id, g.plan, g.label, n.department, n.name, n.region, n.region_name, n.coverage_days, n.week,
    n.alert_readings,
    n.alert_window,
    CASE WHEN n.in_alert THEN 'entrée' WHEN n.is_measured THEN 'sortie' ELSE 'sans mesure' END AS movement
FROM snap.department_status AS n
INNER JOIN ref.department_status AS o ON o.subject_id = n.subject_id AND o.department = n.department
INNER JOIN snap.tracked_group AS g ON g.group_id = n.subject_id
WHERE n.in_alert <> o.in_alert
ORDER BY n.in_alert DESC, g.plan DESC, g.order_no, n.department
