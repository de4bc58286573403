-- Quel maillon d'un médicament suivi est devenu insatisfaisant ?
-- grain : groupe suivi d'un plan en saison (de tout plan quand aucun ne l'est) × maillon insatisfaisant
-- unité : jours de couverture ; gravité en % de la borne du plan
-- formule : gravité = part qui manque à la borne sous laquelle le maillon est insatisfaisant = 100 − couverture en % de
--   cette borne, la même part que celle qui classe les maillons (link_status)
-- absence : maillon sans mesure, ou acceptable
-- source : PointStock, TracStocks, panel IQVIA
-- règle : alerte dès qu'un maillon est insatisfaisant, même si un autre est plus bas
WITH followed AS (
    SELECT g.group_id, MIN(g.label) AS label
    FROM tracked_group AS g
    INNER JOIN plan AS p ON p.plan = g.plan
    WHERE p.is_watched
    GROUP BY g.group_id
)
SELECT
    l.subject_id || ':' || l.link AS subject_key, f.label, LOWER(l.label) AS place,
    CAST(l.coverage_days AS DOUBLE) AS value,
    100 - l.bound_share_pct AS gravity,
    l.measured_on AS day, [l.subject_id] AS targets, CAST(NULL AS VARCHAR) AS region
FROM link_status AS l
INNER JOIN followed AS f ON f.group_id = l.subject_id
WHERE l.status = 'insatisfaisante'
ORDER BY subject_key
