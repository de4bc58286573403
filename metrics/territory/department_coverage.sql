-- Quelle est la couverture des officines dans chaque département, semaine après semaine ?
-- grain : groupe suivi × département × semaine ISO
-- unité : jours de couverture ; part des officines en %
-- formule : couverture moyenne donnée par le panel ; part la plus basse = officines sans stock ou sous 3 jours
-- absence : pas de ligne pour un département sans relevé cette semaine ; sous le plancher de fiabilité, la couverture
--   est inconnue (« non pertinente »), jamais verte, jamais zéro
-- source : panel IQVIA
-- règle : bornes « officines » du plan
-- seuils : floor_pharmacies, floor_sales_boxes
SELECT
    r.subject_id, r.territory AS department, r.week,
    CASE WHEN r.is_reliable THEN r.coverage_days END AS coverage_days,
    CASE
        WHEN NOT r.is_reliable THEN 'non_pertinente'
        ELSE coverage_status(r.coverage_days, b.satisfactory_days, b.acceptable_days)
    END AS status,
    CASE WHEN r.is_reliable THEN 'a_jour' ELSE 'non_pertinente' END AS figure_state,
    r.pharmacies, r.sales_boxes, r.share_none_pct, r.share_low_pct, r.share_medium_pct, r.share_high_pct,
    CASE WHEN r.is_reliable THEN r.share_none_pct + r.share_low_pct END AS lowest_share_pct
FROM panel_reading AS r
INNER JOIN subject_band AS b ON b.subject_id = r.subject_id AND b.link = 'officines'
INNER JOIN department AS d ON d.department = r.territory
WHERE r.level = 'departement'
ORDER BY r.subject_id, r.territory, r.week
