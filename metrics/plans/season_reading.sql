-- Quel statut chaque maillon avait-il chaque semaine de la saison, pour chaque médicament suivi ?
-- grain : plan × saison × groupe suivi × maillon du plan × semaine ISO
-- unité : jours de couverture, jours de la saison dans la semaine
-- formule : toutes les semaines de la saison, jusqu'à sa fin ou au jour de l'instantané ; jours = ceux de la semaine
--   qui sont dans la saison
-- absence : aucun chiffre cette semaine-là : pas de relevé, relevé en retard, masqué, ou volume sous le plancher
-- source : TracStocks, PointStock, panel IQVIA ; bornes et saison du plan
-- règle : statut relu aux bornes d'aujourd'hui du plan, sur les groupes d'aujourd'hui ; une semaine sans chiffre reste
--   une semaine sans chiffre, jamais une semaine satisfaisante
-- partage : calculé à nouveau sur les tables partageables
WITH season_week AS (
    SELECT
        s.plan, s.season, s.starts_on, s.through_on,
        CAST(date_trunc('week', s.starts_on) AS DATE) + week_days(n.rank) AS week
    FROM plan_season AS s
    CROSS JOIN (SELECT UNNEST(RANGE(0, 54)) AS rank) AS n
    WHERE CAST(date_trunc('week', s.starts_on) AS DATE) + week_days(n.rank) <= s.through_on
)
SELECT
    w.plan, w.season, g.group_id, l.link, w.week,
    date_diff('day', GREATEST(w.week, w.starts_on), LEAST(w.week + 6, w.through_on)) + 1 AS season_days,
    c.coverage_days,
    CASE WHEN status_gravity(c.status) < 3 THEN c.status END AS status,
    c.figure_state
FROM season_week AS w
INNER JOIN tracked_group AS g ON g.plan = w.plan
INNER JOIN plan_link AS l ON l.plan = w.plan
LEFT JOIN coverage_weekly AS c ON c.subject_id = g.group_id AND c.link = l.link AND c.week = w.week
ORDER BY w.plan, w.season, g.group_id, l.link, w.week
