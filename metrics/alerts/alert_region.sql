-- Dans quelle région des départements sont-ils en alerte, et lesquels ?
-- grain : groupe suivi d'un plan en saison (de tout plan quand aucun ne l'est) × région
-- unité : départements ; gravité en % des départements relevés de la région
-- formule : gravité = 100 × départements en alerte ÷ départements relevés de la région : mesurés cette semaine, ou en
--   retard, dont l'alerte tient encore ; ceux qui n'ont pas répondu sont dits
-- absence : aucun département de la région en alerte
-- source : panel IQVIA
-- règle : chaque agence régionale reçoit les alertes de sa région seule
WITH followed AS (
    SELECT g.group_id, MIN(g.label) AS label, MIN(g.plan) AS plan
    FROM tracked_group AS g
    INNER JOIN plan AS p ON p.plan = g.plan
    WHERE p.is_watched
    GROUP BY g.group_id
),
counted AS (
    SELECT
        subject_id, region, COUNT(CASE WHEN in_alert THEN 1 END) AS in_alert,
        COUNT(CASE WHEN in_alert OR figure_state IN ('a_jour', 'en_retard') THEN 1 END) AS measured_departments,
        MAX(week) AS week,
        STRING_AGG(
            CASE WHEN in_alert THEN name || CASE WHEN is_silent THEN ' (sans relevé cette semaine)' ELSE '' END END,
            ', ' ORDER BY department
        ) AS names
    FROM department_status
    GROUP BY subject_id, region
)
SELECT
    f.group_id || ':' || c.region AS subject_key, f.label, c.names AS place, CAST(c.in_alert AS DOUBLE) AS value,
    100.0 * c.in_alert / c.measured_departments AS gravity,
    c.week AS day, [f.plan, f.group_id] AS targets, c.region
FROM counted AS c
INNER JOIN followed AS f ON f.group_id = c.subject_id
WHERE c.in_alert > 0
ORDER BY subject_key
