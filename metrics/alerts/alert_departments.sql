-- Pour quel médicament suivi des départements sont-ils en alerte ?
-- grain : groupe suivi d'un plan en saison (de tout plan quand aucun ne l'est)
-- unité : départements ; gravité en % des départements relevés
-- formule : gravité = 100 × départements en alerte ÷ départements relevés : mesurés cette semaine, ou en retard, dont
--   l'alerte tient encore ; ceux d'entre eux qui n'ont pas répondu sont dits
-- absence : aucun département en alerte
-- source : panel IQVIA
-- règle : alerte d'un département inspirée de CisMED (pharmaciens espagnols)
WITH followed AS (
    SELECT g.group_id, MIN(g.label) AS label, MIN(g.plan) AS plan
    FROM tracked_group AS g
    INNER JOIN plan AS p ON p.plan = g.plan
    WHERE p.is_watched
    GROUP BY g.group_id
),
counted AS (
    SELECT
        subject_id, COUNT(CASE WHEN in_alert THEN 1 END) AS in_alert,
        COUNT(CASE WHEN in_alert AND is_silent THEN 1 END) AS silent,
        COUNT(CASE WHEN in_alert OR figure_state IN ('a_jour', 'en_retard') THEN 1 END) AS measured_departments,
        MAX(week) AS week
    FROM department_status
    GROUP BY subject_id
)
SELECT
    f.group_id AS subject_key, f.label,
    CASE WHEN c.silent > 0 THEN ', dont ' || c.silent || ' sans relevé cette semaine' ELSE '' END AS place,
    CAST(c.in_alert AS DOUBLE) AS value, 100.0 * c.in_alert / c.measured_departments AS gravity,
    c.week AS day, [f.plan, f.group_id] AS targets, CAST(NULL AS VARCHAR) AS region
FROM counted AS c
INNER JOIN followed AS f ON f.group_id = c.subject_id
WHERE c.in_alert > 0
ORDER BY subject_key
