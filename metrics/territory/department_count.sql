-- Combien de médicaments suivis manquent dans ce département ?
-- grain : plan × département
-- unité : nombre de groupes suivis
-- formule : groupes dont la couverture des officines est insatisfaisante au dernier relevé, sur les groupes mesurés ;
--   ceux dont le département n'a pas répondu cette semaine, alors qu'il répondait, sont comptés à part
-- absence : aucun groupe mesuré dans le département (hors panel, ou pas de réponse)
-- source : panel IQVIA
-- règle : bornes « officines » du plan
-- seuils : floor_pharmacies, floor_sales_boxes
-- état : iqvia
SELECT
    g.plan, s.department, s.name, s.region, s.region_name,
    COUNT(CASE WHEN s.is_measured THEN 1 END) AS measured, COUNT(CASE WHEN s.is_silent THEN 1 END) AS silent,
    COUNT(CASE WHEN s.status = 'insatisfaisante' THEN 1 END) AS insufficient,
    COUNT(CASE WHEN s.in_alert THEN 1 END) AS in_alert,
    STRING_AGG(CASE WHEN s.status = 'insatisfaisante' THEN g.label END, ', ' ORDER BY g.order_no) AS groups,
    MAX(s.week) AS week, MAX(s.last_measured_on) AS last_measured_on
FROM department_status AS s
INNER JOIN tracked_group AS g ON g.group_id = s.subject_id
GROUP BY g.plan, s.department, s.name, s.region, s.region_name
ORDER BY g.plan, s.department
