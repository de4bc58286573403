-- Quelle est la couverture des officines dans chaque région, semaine après semaine ?
-- grain : groupe suivi × région × semaine ISO
-- unité : jours de couverture
-- formule : couverture moyenne donnée par le panel pour la région ; elle n'est pas recalculée de ses départements
-- absence : pas de ligne pour une région sans relevé cette semaine ; sous le plancher de fiabilité, la couverture est
--   inconnue (« non pertinente »)
-- source : panel IQVIA
-- règle : bornes « officines » du plan
-- seuils : floor_pharmacies, floor_sales_boxes
SELECT
    r.subject_id, r.territory AS region, d.region_name, r.week,
    CASE WHEN r.is_reliable THEN r.coverage_days END AS coverage_days,
    CASE
        WHEN NOT r.is_reliable THEN 'non_pertinente'
        ELSE coverage_status(r.coverage_days, b.satisfactory_days, b.acceptable_days)
    END AS status,
    CASE WHEN r.is_reliable THEN 'a_jour' ELSE 'non_pertinente' END AS figure_state, r.pharmacies
FROM panel_reading AS r
INNER JOIN subject_band AS b ON b.subject_id = r.subject_id AND b.link = 'officines'
INNER JOIN (SELECT region, MIN(region_name) AS region_name FROM department GROUP BY region) AS d
    ON d.region = r.territory
WHERE r.level = 'region'
ORDER BY r.subject_id, r.territory, r.week
