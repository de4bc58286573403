-- Combien de jours chaque médicament suivi a-t-il passés sous sa borne pendant la saison, maillon par maillon ?
-- grain : plan × saison × groupe suivi × maillon du plan
-- unité : jours
-- formule : chaque semaine compte les jours qu'elle a dans la saison, au statut de son relevé ; insatisfaisants +
--   acceptables + satisfaisants + sans chiffre = jours de la saison, jusqu'à sa fin ou au jour de l'instantané
-- absence : aucun relevé de la saison : tous les jours sont sans chiffre, la plus basse couverture est inconnue
-- source : TracStocks, PointStock, panel IQVIA ; bornes et saison du plan
-- règle : « sous la borne » : insatisfaisant. Un jour sans chiffre (semaine manquante, pas encore publiée, masquée ou
--   sous le plancher) est compté à part, jamais comme un jour satisfaisant ; un chiffre estimé ou incomplet compte avec
--   son statut et est dénombré
-- partage : calculé à nouveau sur les tables partageables
SELECT
    plan, season, group_id, link, CAST(SUM(season_days) AS BIGINT) AS season_days,
    CAST(SUM(CASE WHEN status = 'insatisfaisante' THEN season_days ELSE 0 END) AS BIGINT) AS insufficient_days,
    CAST(SUM(CASE WHEN status = 'acceptable' THEN season_days ELSE 0 END) AS BIGINT) AS fair_days,
    CAST(SUM(CASE WHEN status = 'satisfaisante' THEN season_days ELSE 0 END) AS BIGINT) AS good_days,
    CAST(SUM(CASE WHEN status IS NULL THEN season_days ELSE 0 END) AS BIGINT) AS unknown_days,
    CAST(SUM(CASE WHEN figure_state = 'masque' THEN season_days ELSE 0 END) AS BIGINT) AS masked_days,
    CAST(SUM(
        CASE WHEN status IS NOT NULL AND figure_state IN ('estime', 'incomplet') THEN season_days ELSE 0 END
    ) AS BIGINT) AS estimated_days,
    MIN(CASE WHEN status IS NOT NULL THEN coverage_days END) AS lowest_days,
    ARG_MIN(week, coverage_days) FILTER (WHERE status IS NOT NULL AND coverage_days IS NOT NULL) AS lowest_week
FROM season_reading
GROUP BY plan, season, group_id, link
ORDER BY plan, season, group_id, link
