-- Combien de jours de demande chaque maillon de la chaîne a-t-il devant lui, semaine après semaine ?
-- grain : sujet (groupe suivi ou DCI) × maillon × semaine ISO
-- unité : jours (stocks et demandes en boîtes)
-- formule : couverture = stock ÷ demande quotidienne. Deux dénominateurs, toujours nommés : demande courante (ventes
--   des 4 dernières semaines ÷ 28 jours) et référence légale (ventes des 52 dernières semaines, mois exceptionnels
--   exclus). Pour les officines, le panel donne la couverture, elle n'est pas recalculée.
-- absence : aucune vente dans la fenêtre, ou un relevé manque depuis plus d'une semaine : la couverture est inconnue,
--   jamais infinie ni calculée sur une somme plus petite
-- source : TracStocks (exploitants), PointStock (grossistes-répartiteurs), panel IQVIA (officines)
-- règle : un relevé manquant ou à confirmer est reporté une semaine, le chiffre est « estimé » avec la part des ventes
--   reportée ; au-delà il est « en retard ». Une référence manuelle motivée remplace la référence légale et s'affiche
--   comme telle (CSP R. 5124-49-4).
-- seuils : current_weeks, legal_weeks, legal_min_weeks, carry_weeks, expected_weeks, floor_pharmacies,
--   floor_sales_boxes
WITH stocks AS (
    SELECT
        d.subject_id, d.link, d.week, d.stock_boxes, d.sales_boxes, d.legal_daily_boxes, d.current_daily_boxes,
        d.legal_origin,
        CASE WHEN d.figure_state <> 'en_retard' THEN d.stock_boxes / d.legal_daily_boxes END AS coverage_legal_days,
        CASE WHEN d.figure_state <> 'en_retard' THEN d.stock_boxes / d.current_daily_boxes END AS coverage_current_days,
        CASE WHEN d.figure_state <> 'en_retard' AND b.denominator = 'legal' THEN d.stock_boxes / d.legal_daily_boxes
            WHEN d.figure_state <> 'en_retard' THEN d.stock_boxes / d.current_daily_boxes END AS coverage_days,
        CASE WHEN d.figure_state = 'a_jour' AND d.current_daily_boxes IS NULL THEN 'non_pertinente' ELSE d.figure_state
        END AS figure_state,
        CASE WHEN d.worst_gap_weeks > 0 THEN 100 * d.carried_sales_boxes / NULLIF(d.sales_boxes, 0) END
            AS missing_share_pct,
        d.missing_names, d.held_names, d.participants,
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
        CAST(NULL AS VARCHAR) AS held_names, r.pharmacies AS participants,
        b.satisfactory_days, b.acceptable_days
    FROM panel_reading AS r
    INNER JOIN subject_band AS b ON b.subject_id = r.subject_id AND b.link = 'officines'
    WHERE r.level = 'national'
)
SELECT
    f.subject_id, f.link, f.week, f.stock_boxes, f.sales_boxes, f.legal_daily_boxes, f.current_daily_boxes,
    f.coverage_legal_days, f.coverage_current_days, f.coverage_days,
    CASE
        WHEN f.figure_state = 'non_pertinente' THEN 'non_pertinente'
        ELSE coverage_status(f.coverage_days, f.satisfactory_days, f.acceptable_days)
    END AS status,
    f.figure_state, f.missing_share_pct, f.missing_names, f.held_names, f.participants, f.legal_origin
FROM (SELECT * FROM stocks UNION ALL SELECT * FROM pharmacies) AS f
ORDER BY f.subject_id, f.link, f.week
