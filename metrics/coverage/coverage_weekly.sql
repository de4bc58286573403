-- Combien de jours de demande chaque maillon de la chaîne a-t-il devant lui, semaine après semaine ?
-- grain : sujet (groupe suivi ou DCI) × maillon × semaine ISO
-- unité : jours (stocks et demandes en boîtes : une boîte vaut une boîte, quelle que soit sa taille)
-- formule : couverture = stock ÷ demande quotidienne des mêmes relevés. Demande : pour chaque déclarant et présentation
--   du stock, moyenne des semaines qu'il a lui-même relevées dans la fenêtre ; puis somme. Deux dénominateurs, toujours
--   nommés : demande courante (4 dernières semaines) et référence légale (52 dernières semaines, mois exceptionnels
--   exclus). Un relevé qui n'est pas hebdomadaire fait sa demande courante des 4 dernières semaines qu'il déclare (÷ 28
--   jours), et sa référence légale de ses ventes habituelles déclarées, sinon de ces 4 semaines. Troisième dénominateur
--   des grossistes, si leur plan le choisit : ventes de tous les adhérents ÷ jours de leur période de référence, si
--   elles sont reçues pour chaque présentation de la somme (sinon demande courante, nommée). Pour les officines, le
--   panel donne la couverture, elle n'est pas recalculée. Pharmacies hospitalières : pui_week.
-- absence : aucune vente dans la fenêtre alors qu'il reste du stock, ou un déclarant manque depuis plus d'une semaine :
--   la couverture est inconnue, jamais infinie ni calculée sur une somme plus petite. Ni stock ni vente, alors que
--   l'année en a : 0 jour, le médicament manque
-- source : TracStocks (exploitants), fichier hebdomadaire et Point Stock (grossistes-répartiteurs), panel IQVIA
--   (officines), e-Dispostock (pharmacies hospitalières) ; référentiel de la BDPM et ventes d'OpenHealth pour ce que la
--   somme ne couvre pas
-- règle : un relevé manquant ou à confirmer est reporté une semaine, le chiffre est « estimé » avec la part de la
--   demande reportée ; au-delà il est « en retard ». Une fenêtre de ventes qui contient une semaine manquante au-delà
--   du report donne aussi un chiffre « estimé ». Une présentation absente d'un fichier reçu est reportée une semaine,
--   puis sort du stock et de la demande : chiffre « incomplet » si elle pèse peu, « en retard » sinon ; « absent = 0 »
--   se décide par émetteur (stock nul, ventes inconnues). Les présentations commercialisées que les exploitants n'ont
--   pas relevées sont comptées : « incomplet » sous la borne. La référence légale demande 26 semaines de ventes en
--   moyenne (un relevé espacé en dit 4 s'il les déclare), chaque déclarant pesant sa demande. Le rythme de chaque
--   relevé est lu de ses 3 derniers intervalles (hebdomadaire, mensuel, ponctuel : IGAS 2025-002R, § 203) : un relevé
--   mensuel vaut jusqu'au suivant dû, le chiffre est « estimé » avec son âge ; il ne manque qu'ensuite. Un point isolé
--   est repris 42 jours. Pour un même grossiste, le relevé le plus récent l'emporte, d'où qu'il vienne : jamais compté
--   deux fois. Une référence manuelle motivée remplace la référence légale et s'affiche comme telle (CSP R.
--   5124-49-4).
-- seuils : current_weeks, legal_weeks, legal_min_weeks, carry_weeks, expected_weeks, complete_share_pct,
--   left_out_share_pct, rhythm_gaps, rhythm_month_weeks, flash_carry_days, floor_pharmacies, floor_sales_boxes

-- Over 100 lines on purpose: what each link knows of a week is read side by side.
WITH stocks AS (
    SELECT
        d.subject_id, d.link, d.week, CAST(d.stock_boxes AS DOUBLE) AS stock_boxes,
        CAST(d.sales_boxes AS DOUBLE) AS sales_boxes, NULLIF(d.legal_weekly_boxes, 0) / 7 AS legal_daily_boxes,
        NULLIF(d.current_weekly_boxes, 0) / 7 AS current_daily_boxes, d.legal_origin,
        CASE WHEN d.figure_state <> 'en_retard' THEN exact_ratio(7 * d.stock_boxes, d.legal_weekly_boxes) END
            AS coverage_legal_days,
        CASE
            WHEN d.figure_state = 'en_retard' THEN NULL
            WHEN d.is_empty THEN 0
            ELSE exact_ratio(7 * d.stock_boxes, d.current_weekly_boxes)
        END AS coverage_current_days,
        CASE
            WHEN d.figure_state = 'en_retard' THEN NULL
            WHEN d.denominator = 'members' THEN exact_ratio(d.stock_boxes, d.members_daily_boxes)
            WHEN d.denominator = 'legal' THEN exact_ratio(7 * d.stock_boxes, d.legal_weekly_boxes)
            WHEN d.is_empty THEN 0
            ELSE exact_ratio(7 * d.stock_boxes, d.current_weekly_boxes)
        END AS coverage_days,
        CASE
            WHEN d.figure_state IN ('a_jour', 'incomplet') AND COALESCE(d.current_weekly_boxes, 0) = 0
                AND NOT d.is_empty AND d.denominator <> 'members'
                THEN 'non_pertinente'
            ELSE d.figure_state
        END AS figure_state,
        d.missing_share_pct, d.missing_names, d.held_names, d.left_out_share_pct, d.left_out_names, d.torn_names,
        d.participants,
        d.marketed_presentations, d.covered_presentations, d.covered_share_pct, d.covered_share_of, d.is_uncovered,
        CAST(d.members_daily_boxes AS DOUBLE) AS members_daily_boxes,
        CASE WHEN d.figure_state <> 'en_retard' THEN exact_ratio(d.stock_boxes, d.members_daily_boxes) END
            AS coverage_members_days,
        d.members_origin, d.current_origin, d.denominator, d.rhythm, d.due_weeks, d.sources, d.carried_names,
        b.satisfactory_days, b.acceptable_days
    FROM link_demand AS d
    INNER JOIN subject_band AS b ON b.subject_id = d.subject_id AND b.link = d.link
),
pharmacies AS (
    SELECT
        r.subject_id, 'officines' AS link, r.week, CAST(NULL AS DOUBLE) AS stock_boxes, r.sales_boxes,
        CAST(NULL AS DOUBLE) AS legal_daily_boxes, CAST(NULL AS DOUBLE) AS current_daily_boxes,
        'couverture donnée par le panel' AS legal_origin,
        CAST(NULL AS DOUBLE) AS coverage_legal_days, r.coverage_days AS coverage_current_days,
        CASE WHEN r.is_reliable THEN r.coverage_days END AS coverage_days,
        CASE WHEN r.is_reliable THEN 'a_jour' ELSE 'non_pertinente' END AS figure_state,
        CAST(NULL AS DOUBLE) AS missing_share_pct, CAST(NULL AS VARCHAR) AS missing_names,
        CAST(NULL AS VARCHAR) AS held_names, CAST(NULL AS DOUBLE) AS left_out_share_pct,
        CAST(NULL AS VARCHAR) AS left_out_names,
        CAST(NULL AS VARCHAR) AS torn_names, r.pharmacies AS participants,
        CAST(NULL AS BIGINT) AS marketed_presentations, CAST(NULL AS BIGINT) AS covered_presentations,
        CAST(NULL AS DOUBLE) AS covered_share_pct, CAST(NULL AS VARCHAR) AS covered_share_of, FALSE AS is_uncovered,
        CAST(NULL AS DOUBLE) AS members_daily_boxes, CAST(NULL AS DOUBLE) AS coverage_members_days,
        CAST(NULL AS VARCHAR) AS members_origin, CAST(NULL AS VARCHAR) AS current_origin, b.denominator,
        CAST(NULL AS VARCHAR) AS rhythm, CAST(NULL AS BIGINT) AS due_weeks, 'panel IQVIA' AS sources,
        CAST(NULL AS VARCHAR) AS carried_names,
        b.satisfactory_days, b.acceptable_days
    FROM panel_reading AS r
    INNER JOIN subject_band AS b ON b.subject_id = r.subject_id AND b.link = 'officines'
    WHERE r.level = 'national'
),
hospitals AS (
    SELECT
        h.subject_id, 'pui' AS link, h.week, CAST(NULL AS DOUBLE) AS stock_boxes, CAST(NULL AS DOUBLE) AS sales_boxes,
        CAST(NULL AS DOUBLE) AS legal_daily_boxes, CAST(NULL AS DOUBLE) AS current_daily_boxes,
        CAST(NULL AS VARCHAR) AS legal_origin, CAST(NULL AS DOUBLE) AS coverage_legal_days,
        h.coverage_days AS coverage_current_days,
        CASE WHEN h.figure_state <> 'non_pertinente' THEN h.coverage_days END AS coverage_days, h.figure_state,
        CAST(NULL AS DOUBLE) AS missing_share_pct, CAST(NULL AS VARCHAR) AS missing_names,
        CAST(NULL AS VARCHAR) AS held_names, CAST(NULL AS DOUBLE) AS left_out_share_pct,
        CAST(NULL AS VARCHAR) AS left_out_names, CAST(NULL AS VARCHAR) AS torn_names,
        h.establishments AS participants, CAST(NULL AS BIGINT) AS marketed_presentations,
        CAST(NULL AS BIGINT) AS covered_presentations, CAST(NULL AS DOUBLE) AS covered_share_pct,
        CAST(NULL AS VARCHAR) AS covered_share_of, FALSE AS is_uncovered, CAST(NULL AS DOUBLE) AS members_daily_boxes,
        CAST(NULL AS DOUBLE) AS coverage_members_days, CAST(NULL AS VARCHAR) AS members_origin,
        h.demand_origin AS current_origin, h.denominator, CAST(NULL AS VARCHAR) AS rhythm,
        CAST(NULL AS BIGINT) AS due_weeks, 'e-Dispostock' AS sources, CAST(NULL AS VARCHAR) AS carried_names,
        b.satisfactory_days, b.acceptable_days
    FROM pui_week AS h
    INNER JOIN subject_band AS b ON b.subject_id = h.subject_id AND b.link = 'pui'
)
SELECT
    f.subject_id, f.link, f.week, f.stock_boxes, f.sales_boxes, f.legal_daily_boxes, f.current_daily_boxes,
    f.members_daily_boxes, f.coverage_legal_days, f.coverage_current_days, f.coverage_members_days, f.coverage_days,
    f.denominator,
    CASE
        WHEN f.figure_state = 'non_pertinente' THEN 'non_pertinente'
        ELSE coverage_status(f.coverage_days, f.satisfactory_days, f.acceptable_days)
    END AS status,
    f.figure_state, f.missing_share_pct, f.missing_names, f.held_names, f.left_out_share_pct, f.left_out_names,
    f.torn_names,
    f.participants, f.marketed_presentations, f.covered_presentations, f.covered_share_pct, f.covered_share_of,
    f.is_uncovered, f.legal_origin,
    f.current_origin, f.members_origin, f.rhythm, f.due_weeks, f.sources, f.carried_names
FROM (
    SELECT * FROM stocks
    UNION ALL
    SELECT * FROM pharmacies
    UNION ALL
    SELECT * FROM hospitals
) AS f
ORDER BY f.subject_id, f.link, f.week
