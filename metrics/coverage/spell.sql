-- Depuis quand chaque maillon et chaque territoire a-t-il son statut, et lequel avait-il avant ?
-- grain : sujet × maillon ; groupe suivi × région ; groupe suivi × département (officines)
-- unité : semaines
-- formule : épisode = relevés successifs de même statut, jusqu'au dernier connu. Début = semaine du premier d'entre
--   eux ; durée = du début au dernier relevé, ces deux semaines comprises. « Sous la borne » : depuis le premier relevé
--   qui a suivi le dernier satisfaisant.
-- absence : jamais de relevé au-dessus du plancher de fiabilité ; pas d'épisode précédent : le statut est celui du
--   premier relevé connu, et a pu commencer avant
-- source : TracStocks, PointStock, panel IQVIA ; bornes du plan
-- règle : seul un chiffre commence ou finit un épisode. Une semaine sans chiffre (manquante, masquée, non pertinente)
--   n'en fait ni l'un ni l'autre : elle compte dans la durée, pas dans les relevés ; avant le début, elle laisse un
--   doute que dit gap_weeks. Un chiffre estimé ou incomplet compte avec son statut et est dénombré. Un épisode dont le
--   dernier relevé n'est plus celui affiché n'est pas en cours (is_current)
-- partage : calculé à nouveau sur les tables partageables
WITH status_week AS (
    SELECT subject_id, 'maillon' AS scope, link AS place, week, status, figure_state, coverage_days FROM coverage_weekly
    UNION ALL
    SELECT subject_id, 'region' AS scope, region AS place, week, status, figure_state, coverage_days
    FROM region_coverage
    UNION ALL
    SELECT subject_id, 'departement' AS scope, department AS place, week, status, figure_state, coverage_days
    FROM department_coverage
),
measured AS (
    SELECT *, LAG(status) OVER (PARTITION BY subject_id, scope, place ORDER BY week) AS previous
    FROM status_week
    WHERE status_gravity(status) < 3
),
numbered AS (
    SELECT
        *, COUNT(CASE WHEN status IS DISTINCT FROM previous THEN 1 END) OVER (
            PARTITION BY subject_id, scope, place ORDER BY week
        ) AS run_no
    FROM measured
),
run AS (
    SELECT
        subject_id, scope, place, run_no, ANY_VALUE(status) AS status, MIN(week) AS first_week, MAX(week) AS last_week,
        COUNT(*) AS readings, COUNT(CASE WHEN figure_state IN ('estime', 'incomplet') THEN 1 END) AS doubtful_readings,
        ARG_MIN(figure_state, week) AS first_state, ARG_MAX(coverage_days, week) AS last_days
    FROM numbered
    GROUP BY subject_id, scope, place, run_no
),
series AS (
    SELECT
        subject_id, scope, place, MAX(run_no) AS last_no,
        COALESCE(MAX(CASE WHEN status = 'satisfaisante' THEN run_no END), 0) AS met_no
    FROM run
    GROUP BY subject_id, scope, place
),
panel AS (
    SELECT subject_id, MAX(week) AS week
    FROM (SELECT subject_id, week FROM department_status UNION ALL SELECT subject_id, week FROM region_coverage) AS w
    GROUP BY subject_id
),
shown AS (
    SELECT subject_id, 'maillon' AS scope, link AS place, week FROM link_status
    UNION ALL
    SELECT subject_id, 'departement' AS scope, department AS place, week FROM department_status
    UNION ALL
    SELECT r.subject_id, 'region' AS scope, r.region AS place, n.week
    FROM (SELECT DISTINCT subject_id, region FROM region_coverage) AS r
    INNER JOIN panel AS n ON n.subject_id = r.subject_id
)
SELECT
    c.subject_id, c.scope, c.place, c.status, c.first_week AS onset_week, c.last_week, c.last_week + 6 AS measured_on,
    c.last_days AS coverage_days, weeks_between(c.first_week, c.last_week) + 1 AS weeks, c.readings,
    c.doubtful_readings, c.first_state AS onset_state, b.status AS before_status, b.first_week AS before_onset_week,
    weeks_between(b.first_week, b.last_week) + 1 AS before_weeks, b.readings AS before_readings,
    COALESCE(b.run_no = 1, FALSE) AS before_is_first, weeks_between(b.last_week, c.first_week) - 1 AS gap_weeks,
    f.first_week AS below_onset_week, weeks_between(f.first_week, c.last_week) + 1 AS below_weeks,
    COALESCE(w.week = c.last_week, FALSE) AS is_current
FROM series AS s
INNER JOIN run AS c ON c.subject_id = s.subject_id AND c.scope = s.scope AND c.place = s.place AND c.run_no = s.last_no
LEFT JOIN run AS b
    ON b.subject_id = s.subject_id AND b.scope = s.scope AND b.place = s.place AND b.run_no = s.last_no - 1
LEFT JOIN run AS f
    ON f.subject_id = s.subject_id AND f.scope = s.scope AND f.place = s.place AND f.run_no = s.met_no + 1
LEFT JOIN shown AS w ON w.subject_id = s.subject_id AND w.scope = s.scope AND w.place = s.place
ORDER BY c.subject_id, c.scope, c.place
