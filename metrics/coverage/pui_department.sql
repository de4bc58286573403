-- Dans quels départements les pharmacies hospitalières manquent-elles d'un médicament ?
-- grain : sujet × département, dernière semaine relevée du sujet
-- unité : jours ; stocks et consommations en UCD
-- formule : stock ÷ consommation quotidienne des établissements du département qui ont donné les deux
-- absence : consommation nulle, ou non donnée
-- source : e-Dispostock
-- règle : bornes « pui » du plan ; le plancher d'établissements ne s'applique pas : le lecteur voit leur nombre
-- état : dispostock
WITH newest AS (
    SELECT subject_id, MAX(week) AS week
    FROM pui_reading
    GROUP BY subject_id
),
summed AS (
    SELECT
        r.subject_id, r.week, r.department, COUNT(*) AS establishments, SUM(r.stock_units) AS stock_units,
        SUM(r.daily_use_units) AS daily_use_units,
        exact_ratio(
            SUM(CASE WHEN r.daily_use_units IS NOT NULL THEN r.stock_units END), SUM(r.daily_use_units)
        ) AS coverage_days
    FROM pui_reading AS r
    INNER JOIN newest AS n ON n.subject_id = r.subject_id AND n.week = r.week
    GROUP BY r.subject_id, r.week, r.department
)
SELECT
    s.subject_id, s.department, d.name, s.week, s.establishments, s.stock_units, s.daily_use_units, s.coverage_days,
    coverage_status(s.coverage_days, b.satisfactory_days, b.acceptable_days) AS status
FROM summed AS s
INNER JOIN subject_band AS b ON b.subject_id = s.subject_id AND b.link = 'pui'
LEFT JOIN department AS d ON d.department = s.department
ORDER BY s.subject_id, s.coverage_days NULLS LAST, s.department
