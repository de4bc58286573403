-- État des maillons partageable : mêmes masques que la couverture, sans nom de déclarant.
-- A week in which a report is missing is masked whole: its arrival would give it. Every Monday some laboratory is late,
-- so the week before, already shared, is shown in its place, with its age.
WITH shown_week AS (
    SELECT l.subject_id, l.link, COALESCE(e.week, l.week) AS week, e.week IS NOT NULL AS is_earlier
    FROM restricted.link_status AS l
    LEFT JOIN coverage_weekly AS c
        ON c.subject_id = l.subject_id AND c.link = l.link AND c.week = l.week
        AND c.figure_state = 'masque' AND l.figure_state IN ('estime', 'incomplet')
    LEFT JOIN coverage_weekly AS e
        ON e.subject_id = c.subject_id AND e.link = c.link AND e.week = c.week - 7
        AND e.figure_state IN ('a_jour', 'incomplet')
),
spark AS (
    SELECT
        n.subject_id, n.link, LIST(c.coverage_days ORDER BY w.weeks_before DESC) AS spark
    FROM (SELECT subject_id, link, MAX(week) AS newest_week FROM coverage_weekly GROUP BY subject_id, link) AS n
    CROSS JOIN (SELECT UNNEST(RANGE(0, 8)) AS weeks_before) AS w
    LEFT JOIN coverage_weekly AS c
        ON c.subject_id = n.subject_id AND c.link = n.link AND c.week = n.newest_week - week_days(w.weeks_before)
    GROUP BY n.subject_id, n.link
)
SELECT
    l.subject_id, l.link, l.label, l.order_no, t.week, t.week + 6 AS measured_on,
    c.coverage_days, c.coverage_legal_days, c.coverage_current_days, c.stock_boxes, c.participants, c.legal_origin,
    c.status,
    CASE WHEN c.figure_state = 'masque' THEN 'masque' WHEN t.is_earlier THEN 'en_retard' ELSE l.figure_state END
        AS figure_state,
    -- Written again: the reason shown to those who see everything names who is missing.
    CASE
        WHEN c.figure_state = 'masque' THEN c.state_reason
        WHEN t.is_earlier
            THEN 'Un relevé manque ou est à confirmer pour la dernière semaine ; '
                || 'la semaine d''avant, complète, est affichée.'
        WHEN l.link = 'pui' THEN l.state_reason  -- numbers of hospitals only
        WHEN l.figure_state = 'absent' THEN 'Aucun relevé reçu pour ce maillon.'
        WHEN l.figure_state = 'non_pertinente' AND l.link <> 'officines'
            THEN 'Aucune vente dans la période de calcul : la couverture ne se calcule pas.'
        WHEN l.figure_state = 'non_pertinente' THEN 'Volume de ventes sous le plancher de fiabilité.'
        WHEN l.state_reason LIKE 'Point isolé%' THEN l.state_reason
        WHEN l.figure_state = 'incomplet' AND NOT l.is_uncovered
            THEN 'Une présentation absente d''un fichier reçu est sortie de la somme, stock et demande.'
        WHEN l.figure_state = 'incomplet'
            THEN 'Les relevés couvrent ' || count_words(c.covered_presentations) || ' des '
                || count_words(c.marketed_presentations) || ' présentations commercialisées.'
        WHEN l.figure_state = 'estime' AND l.missing_share_pct IS NULL
            THEN 'Les ventes d''au moins une semaine manquent dans la période de calcul.'
        WHEN l.figure_state = 'estime' AND l.state_reason LIKE 'Relevé repris%'
            THEN 'Un relevé plus espacé est repris dans son rythme.'
        WHEN l.figure_state = 'estime' THEN 'Un relevé manquant ou à confirmer est reporté d''une semaine.'
        WHEN l.figure_state = 'en_retard' AND l.week IS NULL
            THEN 'Relevé incomplet ou à confirmer depuis plus d''une semaine : couverture non calculée.'
        WHEN l.state_reason LIKE 'Relevé incomplet depuis%' AND l.state_reason LIKE '%estimée.'
            THEN 'Relevé incomplet depuis plus d''une semaine ; dernière valeur affichée, elle-même estimée.'
        WHEN l.state_reason LIKE 'Relevé incomplet depuis%' AND l.state_reason LIKE '%incomplète.'
            THEN 'Relevé incomplet depuis plus d''une semaine ; dernière valeur affichée, elle-même incomplète.'
        WHEN l.state_reason LIKE 'Relevé incomplet depuis%'
            THEN 'Relevé incomplet depuis plus d''une semaine ; dernière valeur complète affichée.'
        WHEN l.figure_state = 'en_retard' THEN 'Aucun relevé plus récent reçu.'
    END AS state_reason,
    CASE WHEN t.is_earlier THEN l.age_days + 7 ELSE l.age_days END AS age_days,
    c.coverage_days - e.coverage_days AS delta_4w_days,
    CASE WHEN c.figure_state <> 'masque' THEN s.spark END AS spark,
    CAST(NULL AS DOUBLE) AS missing_share_pct, CAST(NULL AS VARCHAR) AS missing_names,
    CAST(NULL AS DOUBLE) AS left_out_share_pct,
    CAST(NULL AS VARCHAR) AS left_out_names, CAST(NULL AS VARCHAR) AS torn_names,
    c.marketed_presentations, c.covered_presentations, c.covered_share_pct, c.covered_share_of, c.is_uncovered,
    l.satisfactory_days, l.acceptable_days, l.source_key,
    COALESCE(c.denominator, l.denominator) AS denominator, c.coverage_members_days, c.current_origin, c.members_origin,
    c.rhythm, c.sources, status_gravity(c.status) AS gravity,
    bound_share_pct(c.coverage_days, l.satisfactory_days, l.acceptable_days) AS bound_share_pct,
    -- Among the links shown: a masked one has no rank, so the rank reveals nothing about it.
    weakness_rank(
        l.subject_id, status_gravity(c.status),
        bound_share_pct(c.coverage_days, l.satisfactory_days, l.acceptable_days), l.order_no
    ) AS weakness_rank
FROM restricted.link_status AS l
INNER JOIN shown_week AS t ON t.subject_id = l.subject_id AND t.link = l.link
LEFT JOIN coverage_weekly AS c ON c.subject_id = l.subject_id AND c.link = l.link AND c.week = t.week
LEFT JOIN coverage_weekly AS e ON e.subject_id = l.subject_id AND e.link = l.link AND e.week = t.week - 28
LEFT JOIN spark AS s ON s.subject_id = l.subject_id AND s.link = l.link
ORDER BY l.subject_id, l.order_no
