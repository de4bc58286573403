-- Que tient et que vend chaque présentation soumise à un stock de sécurité, semaine après semaine ?
-- grain : présentation d'une spécialité soumise à un stock de sécurité × exploitant × semaine ISO de la période
-- unité : boîtes ; mois de ventes de cette présentation
-- formule : stock de fin de semaine ; ventes mensuelles de référence : moyenne des ventes hebdomadaires lues sur les 12
--   mois glissants, semaines des mois exceptionnels exclues, portée au mois (× 365,25 ÷ 84) ; un relevé espacé vaut
--   pour les 4 semaines de ventes qu'il déclare (moins, s'il revient plus souvent) ; sous 26 semaines lues, ventes
--   habituelles déclarées
-- absence : relevé manquant depuis plus d'une semaine, ou aucune vente de référence ; un stock nul d'une présentation
--   qui s'est vendue vaut 0 mois, quelle que soit la référence
-- source : TracStocks ; référentiel de la BDPM, listes, mois exclus décidés par l'ANSM
-- règle : détail de safety_stock_week : le stock est dû par spécialité (CSP R. 5124-49-4 ; IGAS 2025-002R, annexe 2,
--   § 9), une présentation seule n'est ni tenue ni manquée. Une présentation dont le relevé n'est plus attendu n'entre
--   plus dans la somme.
-- seuils : safety_period_weeks, legal_weeks, legal_min_weeks, carry_weeks, expected_weeks
-- ``covered_weeks``: weeks of sales that a measurement covers; a weekly one covers its own, whatever else it declares.
WITH excluded AS (
    SELECT DISTINCT s.cip13 AS cip13, x.week AS week
    FROM excluded_week AS x
    INNER JOIN subject_presentation AS s ON s.subject_id = x.subject_id
),
line AS (
    SELECT
        p.cip13 AS cip13, p.cis AS cis, p.laboratory AS laboratory, w.week AS week, h.stock_boxes AS stock_boxes,
        h.gap_weeks AS gap_weeks, h.age_weeks AS age_weeks, h.usual_monthly_sales_boxes AS usual_monthly_sales_boxes,
        CASE WHEN x.week IS NULL THEN r.sales_boxes END AS sales_boxes,
        CASE WHEN x.week IS NULL THEN r.sales_4w_boxes END AS sales_4w_boxes,
        CASE WHEN h.due_weeks = 1 OR r.sales_4w_boxes IS NULL THEN 1 ELSE LEAST(COALESCE(h.due_weeks, 4), 4) END
            AS covered_weeks,
        h.due_weeks = 1 OR r.sales_4w_boxes IS NULL AS is_weekly,
        CASE WHEN x.week IS NOT NULL THEN 1 ELSE 0 END AS is_excluded
    FROM stock_debtor AS p
    INNER JOIN newest_week AS n ON n.link = 'exploitants'
    CROSS JOIN parameter AS q
    INNER JOIN link_week AS w
        ON w.link = 'exploitants' AND w.week >= p.first_week
        AND w.week > n.week - week_days(q.legal_weeks + q.safety_period_weeks)
    LEFT JOIN stock_reading AS r
        ON r.link = 'exploitants' AND r.cip13 = p.cip13 AND r.participant = p.laboratory AND r.week = w.week
    LEFT JOIN stock_week AS h
        ON h.link = 'exploitants' AND h.cip13 = p.cip13 AND h.participant = p.laboratory AND h.week = w.week
    LEFT JOIN excluded AS x ON x.cip13 = p.cip13 AND x.week = w.week
),
measured AS (
    SELECT
        *,
        CAST(
            CASE WHEN is_weekly THEN sales_boxes ELSE sales_4w_boxes * covered_weeks / 4 END AS DECIMAL(24, 6)
        ) AS covered_boxes
    FROM line
),
windowed AS (
    SELECT
        l.*,
        CAST(SUM(l.covered_boxes) OVER legal_window AS DOUBLE) AS legal_sales_boxes,
        CAST(
            COALESCE(SUM(CASE WHEN l.covered_boxes IS NOT NULL THEN l.covered_weeks END) OVER legal_window, 0)
            AS INTEGER
        ) AS reference_weeks,
        SUM(l.is_excluded) OVER legal_window AS excluded_weeks,
        COALESCE(MAX(l.covered_boxes) OVER since_first, 0) > 0
            OR COALESCE(MAX(l.usual_monthly_sales_boxes) OVER since_first, 0) > 0 AS is_sold
    FROM measured AS l
    CROSS JOIN demand_window AS d
    WINDOW legal_window AS (
        PARTITION BY l.cip13, l.laboratory ORDER BY l.week
        RANGE BETWEEN d.legal_span PRECEDING AND CURRENT ROW
    ),
    since_first AS (
        PARTITION BY l.cip13, l.laboratory ORDER BY l.week ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),
referred AS (
    SELECT
        w.*,
        CASE
            WHEN w.reference_weeks >= p.legal_min_weeks
                THEN weekly_to_monthly(w.legal_sales_boxes / w.reference_weeks)
            ELSE w.usual_monthly_sales_boxes
        END AS monthly_boxes,
        CASE
            WHEN w.reference_weeks >= p.legal_min_weeks THEN 'ventes des 12 mois glissants'
            WHEN w.usual_monthly_sales_boxes IS NOT NULL THEN 'ventes habituelles déclarées'
        END AS reference_origin,
        w.gap_weeks IS NOT NULL AS is_expected, w.gap_weeks IS NULL OR w.gap_weeks > p.carry_weeks AS is_late
    FROM windowed AS w
    INNER JOIN newest_week AS n ON n.link = 'exploitants'
    CROSS JOIN parameter AS p
    WHERE w.week > n.week - week_days(p.safety_period_weeks)
)
SELECT
    r.cip13, r.cis, r.laboratory, r.week, r.stock_boxes, r.monthly_boxes, r.reference_origin, r.reference_weeks,
    r.excluded_weeks, r.is_sold, r.is_expected, r.week + 6 - week_days(r.age_weeks) AS measured_on,
    CASE
        WHEN r.is_late THEN NULL
        WHEN r.stock_boxes = 0 AND r.is_sold THEN 0
        ELSE ROUND(r.stock_boxes / NULLIF(r.monthly_boxes, 0), 9)
    END AS months,
    CASE
        WHEN r.is_late THEN 'en_retard'
        WHEN COALESCE(r.monthly_boxes, 0) = 0 AND NOT (r.stock_boxes = 0 AND r.is_sold) THEN 'non_pertinente'
        WHEN r.age_weeks > 0 THEN 'estime'
        ELSE 'a_jour'
    END AS figure_state
FROM referred AS r
ORDER BY r.cip13, r.laboratory, r.week
