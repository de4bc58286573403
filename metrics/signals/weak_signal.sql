-- Quels signaux faibles portent sur cette molécule, suivie ou non par un plan ?
-- grain : sujet (groupe suivi ou DCI) × source × territoire
-- unité : % des agences de répartition, jours de couverture, points, niveau de 0 (aucune) à 3 (forte)
-- formule : présence = celle de la présentation la mieux servie : au moins cette part des agences tient une boîte du
--   sujet ; tension et couverture en officine = médianes des présentations ; évolution = dernier relevé − celui
--   d'avant, sur les présentations connues aux deux
-- absence : aucune présentation du sujet dans la source, ou rien à comparer ; niveau ou jours non transmis
-- source : observatoire de la CSRP, VigiRupture, référentiel public (BDPM)
-- règle : des indices, jamais un statut : aucun plan, aucune alerte, aucun verdict ne les lit. Le relevé d'une
--   présentation manquante est repris une semaine (estimé), puis la présentation manque. Médianes non pondérées : les
--   volumes ne sont pas connus. Une présence qui perd signal_presence_points, une couverture qui perd
--   signal_coverage_pct, ou à défaut de jours un niveau médian qui monte, est dite dégradée.
-- seuils : signal_weeks, signal_presence_points, signal_coverage_pct, carry_weeks, expected_weeks, grace_days
-- état : csrp, vigirupture
WITH paired AS (
    SELECT
        s.subject_id, n.*, b.read_on AS before_on, b.presence_pct AS presence_before_pct,
        b.tension_rank AS tension_before, b.coverage_days AS days_before
    FROM subject_presentation AS s
    INNER JOIN signal_reading AS n ON n.cip13 = s.cip13 AND n.is_now
    LEFT JOIN signal_reading AS b
        ON b.source_key = n.source_key AND b.level = n.level AND b.territory = n.territory AND b.cip13 = n.cip13
        AND NOT b.is_now AND NOT b.is_missing
),
gathered AS (
    SELECT
        subject_id, source_key, level, territory, COUNT(*) AS presentations, MIN(read_on) AS oldest_on,
        MAX(read_on) AS read_on, COUNT(CASE WHEN is_carried THEN 1 END) AS carried,
        MAX(presence_pct) AS presence_pct, MIN(presence_pct) AS lowest_presence_pct,
        QUANTILE_DISC(tension_rank, 0.5) AS tension_rank, COUNT(CASE WHEN tension_rank = 3 THEN 1 END) AS strong,
        MEDIAN(coverage_days) AS coverage_days, MIN(coverage_days) AS lowest_days, MAX(coverage_days) AS highest_days,
        MAX(observed) AS observed, MAX(before_on) AS before_on,
        MAX(CASE WHEN presence_before_pct IS NOT NULL THEN presence_pct END) - MAX(presence_before_pct)
            AS presence_change_points,
        MEDIAN(CASE WHEN days_before IS NOT NULL THEN coverage_days END) AS days_now_both,
        MEDIAN(CASE WHEN coverage_days IS NOT NULL THEN days_before END) AS days_before_both,
        QUANTILE_DISC(CASE WHEN tension_before IS NOT NULL THEN tension_rank END, 0.5)
        - QUANTILE_DISC(CASE WHEN tension_rank IS NOT NULL THEN tension_before END, 0.5) AS tension_change
    FROM paired
    WHERE NOT is_missing
    GROUP BY subject_id, source_key, level, territory
),
missing AS (
    SELECT subject_id, source_key, level, territory, COUNT(*) AS missing_presentations
    FROM paired
    WHERE is_missing
    GROUP BY subject_id, source_key, level, territory
),
judged AS (
    SELECT
        g.*, COALESCE(m.missing_presentations, 0) AS missing_presentations,
        ROUND(100 * (g.days_now_both - g.days_before_both) / NULLIF(g.days_before_both, 0), 6) AS days_change_pct,
        date_diff('day', g.read_on, p.as_of) > st.period_late_after_days AS is_late,
        date_diff('day', g.read_on, p.as_of) AS age_days,
        p.signal_presence_points, p.signal_coverage_pct
    FROM gathered AS g
    CROSS JOIN parameter AS p
    INNER JOIN source_state AS st ON st.source_key = g.source_key
    LEFT JOIN missing AS m
        ON m.subject_id = g.subject_id AND m.source_key = g.source_key AND m.level = g.level
        AND m.territory = g.territory
)
SELECT
    j.subject_id, u.kind, u.label, u.dci, u.dci_key, j.source_key, j.level, j.territory, j.read_on, j.age_days,
    CASE
        WHEN j.is_late THEN 'en_retard'
        WHEN j.carried > 0 OR j.missing_presentations > 0 THEN 'estime'
        ELSE 'a_jour'
    END AS figure_state,
    j.presentations, j.missing_presentations, j.observed, j.presence_pct, j.lowest_presence_pct,
    j.presence_change_points, j.tension_rank, j.strong, j.tension_change, j.coverage_days, j.lowest_days,
    j.highest_days, j.days_change_pct, j.before_on,
    -- How far beyond its own bound: 1 is the bound, so that the two sources can be put in one order.
    COALESCE(
        -j.presence_change_points / NULLIF(j.signal_presence_points, 0),
        -j.days_change_pct / NULLIF(j.signal_coverage_pct, 0), CAST(j.tension_change AS DOUBLE), 0
    ) AS worsening,
    COALESCE(
        j.presence_change_points <= -j.signal_presence_points, j.days_change_pct <= -j.signal_coverage_pct,
        j.tension_change >= 1, FALSE
    ) AS is_worse,
    u.dci_key NOT IN (SELECT t.dci_key FROM tracked_group AS t) AS is_outside_plans
FROM judged AS j
INNER JOIN subject AS u ON u.subject_id = j.subject_id
ORDER BY j.subject_id, j.source_key, j.level, j.territory
