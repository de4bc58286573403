-- Combien de jours de demande chaque maillon de la chaîne a-t-il devant lui, semaine après semaine ?
-- grain : sujet (groupe suivi ou DCI) × maillon × semaine ISO
-- unité : jours (stocks et demandes en boîtes)
-- formule : couverture = stock ÷ demande quotidienne. Deux dénominateurs, toujours nommés : demande courante (ventes des
--   4 dernières semaines ÷ 28 jours) et référence légale (ventes des 52 dernières semaines, mois exceptionnels exclus).
--   Pour les officines, le panel donne la couverture, elle n'est pas recalculée.
-- absence : aucune vente dans la fenêtre, ou un relevé manque depuis plus d'une semaine : la couverture est inconnue, jamais infinie
--   ni calculée sur une somme plus petite
-- source : TracStocks (exploitants), PointStock (grossistes-répartiteurs), panel IQVIA (officines)
-- règle : un relevé manquant ou à confirmer est reporté une semaine, le chiffre est « estimé » avec la part des ventes reportée ; au-delà il
--   est « en retard ». Une référence manuelle motivée remplace la référence légale et s'affiche comme telle (CSP R. 5124-49-4).
-- seuils : current_weeks, legal_weeks, legal_min_weeks, carry_weeks, expected_weeks, floor_pharmacies, floor_sales_boxes
WITH line AS (
    SELECT
        s.subject_id AS subject_id, w.link AS link, w.week AS week, w.participant AS participant,
        w.stock_boxes AS stock_boxes, w.sales_boxes AS sales_boxes, w.gap_weeks AS gap_weeks, w.is_held AS is_held,
        w.usual_monthly_sales_boxes AS usual_monthly_sales_boxes
    FROM stock_week AS w
    INNER JOIN subject_presentation AS s ON s.cip13 = w.cip13
),
summed AS (
    SELECT
        l.subject_id AS subject_id, l.link AS link, l.week AS week,
        SUM(l.stock_boxes) AS stock_boxes,
        SUM(l.sales_boxes) AS sales_boxes,
        SUM(l.usual_monthly_sales_boxes) AS usual_monthly_sales_boxes,
        SUM(CASE WHEN l.gap_weeks > 0 THEN l.sales_boxes ELSE 0 END) AS carried_sales_boxes,
        MAX(l.gap_weeks) AS worst_gap_weeks,
        COUNT(DISTINCT l.participant) AS participants,
        STRING_AGG(
            DISTINCT CASE WHEN l.gap_weeks > 0 THEN l.participant END, ', '
            ORDER BY CASE WHEN l.gap_weeks > 0 THEN l.participant END
        ) AS missing_names,
        STRING_AGG(
            DISTINCT CASE WHEN l.is_held THEN l.participant END, ', '
            ORDER BY CASE WHEN l.is_held THEN l.participant END
        ) AS held_names
    FROM line AS l
    GROUP BY l.subject_id, l.link, l.week
),
windowed AS (
    SELECT
        s.*,
        SUM(s.sales_boxes) OVER current_window AS current_sales_boxes,
        COUNT(*) OVER current_window AS current_count,
        SUM(CASE WHEN x.week IS NULL THEN s.sales_boxes END) OVER legal_window AS legal_sales_boxes,
        COUNT(CASE WHEN x.week IS NULL THEN 1 END) OVER legal_window AS legal_count
    FROM summed AS s
    LEFT JOIN excluded_week AS x ON x.subject_id = s.subject_id AND x.week = s.week
    WINDOW
        current_window AS (
            PARTITION BY s.subject_id, s.link ORDER BY s.week
            RANGE BETWEEN to_days(CAST(7 * (SELECT current_weeks FROM parameter) - 7 AS INTEGER)) PRECEDING AND CURRENT ROW
        ),
        legal_window AS (
            PARTITION BY s.subject_id, s.link ORDER BY s.week
            RANGE BETWEEN to_days(CAST(7 * (SELECT legal_weeks FROM parameter) - 7 AS INTEGER)) PRECEDING AND CURRENT ROW
        )
),
decided AS (
    -- Of two decisions that overlap, the one that began last is in force.
    SELECT
        s.subject_id AS subject_id, s.link AS link, s.week AS week,
        MAX_BY(m.monthly_boxes, m.since) AS monthly_boxes, MAX_BY(m.reason, m.since) AS reason
    FROM summed AS s
    INNER JOIN manual_reference AS m
        ON m.subject_id = s.subject_id AND m.link = s.link
        AND m.since <= s.week AND (m.until IS NULL OR m.until >= s.week)
    GROUP BY s.subject_id, s.link, s.week
),
demand AS (
    SELECT
        w.*,
        NULLIF(w.current_sales_boxes, 0) / (7 * w.current_count) AS current_daily_boxes,
        CASE
            WHEN m.monthly_boxes IS NOT NULL THEN NULLIF(m.monthly_boxes, 0) * 12 / 365.25
            WHEN w.legal_count >= p.legal_min_weeks THEN NULLIF(w.legal_sales_boxes, 0) / (7 * w.legal_count)
            ELSE NULLIF(w.usual_monthly_sales_boxes, 0) * 12 / 365.25
        END AS legal_daily_boxes,
        CASE
            WHEN m.monthly_boxes IS NOT NULL THEN 'référence manuelle : ' || m.reason
            WHEN w.legal_count >= p.legal_min_weeks THEN 'ventes des 12 mois glissants'
            WHEN w.usual_monthly_sales_boxes > 0 THEN 'ventes habituelles déclarées'
        END AS legal_origin,
        CASE
            WHEN w.worst_gap_weeks > p.carry_weeks THEN 'en_retard'
            WHEN w.worst_gap_weeks > 0 THEN 'estime'
            ELSE 'a_jour'
        END AS figure_state
    FROM windowed AS w
    CROSS JOIN parameter AS p
    LEFT JOIN decided AS m ON m.subject_id = w.subject_id AND m.link = w.link AND m.week = w.week
),
stocks AS (
    SELECT
        d.subject_id, d.link, d.week, d.stock_boxes, d.sales_boxes, d.legal_daily_boxes, d.current_daily_boxes, d.legal_origin,
        CASE WHEN d.figure_state <> 'en_retard' THEN d.stock_boxes / d.legal_daily_boxes END AS coverage_legal_days,
        CASE WHEN d.figure_state <> 'en_retard' THEN d.stock_boxes / d.current_daily_boxes END AS coverage_current_days,
        CASE WHEN d.figure_state <> 'en_retard' AND b.denominator = 'legal' THEN d.stock_boxes / d.legal_daily_boxes
            WHEN d.figure_state <> 'en_retard' THEN d.stock_boxes / d.current_daily_boxes END AS coverage_days,
        CASE WHEN d.figure_state = 'a_jour' AND d.current_daily_boxes IS NULL THEN 'non_pertinente' ELSE d.figure_state
        END AS figure_state,
        CASE WHEN d.worst_gap_weeks > 0 THEN 100 * d.carried_sales_boxes / NULLIF(d.sales_boxes, 0) END AS missing_share_pct,
        d.missing_names, d.held_names, d.participants,
        b.satisfactory_days, b.acceptable_days
    FROM demand AS d
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
        WHEN f.coverage_days >= f.satisfactory_days THEN 'satisfaisante'
        WHEN f.coverage_days >= f.acceptable_days THEN 'acceptable'
        WHEN f.coverage_days IS NOT NULL THEN 'insatisfaisante'
    END AS status,
    f.figure_state, f.missing_share_pct, f.missing_names, f.held_names, f.participants, f.legal_origin
FROM (SELECT * FROM stocks UNION ALL SELECT * FROM pharmacies) AS f
ORDER BY f.subject_id, f.link, f.week
