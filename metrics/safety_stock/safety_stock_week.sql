-- Combien de mois de ventes le stock de l'exploitant couvre-t-il, semaine après semaine ?
-- grain : présentation soumise à un stock de sécurité × exploitant × semaine ISO de la période examinée
-- unité : mois de ventes (stocks et ventes en boîtes)
-- formule : stock de fin de semaine ÷ ventes mensuelles de référence. Référence : moyenne des ventes hebdomadaires lues
--   sur les 12 mois glissants, semaines des mois exceptionnels exclues, portée au mois (× 365,25 ÷ 84) ; sous 26
--   semaines lues, ventes habituelles déclarées
-- absence : relevé manquant depuis plus d'une semaine, ou aucune vente de référence : la semaine n'est comptée ni
--   dessus ni dessous
-- source : TracStocks ; référentiel de la BDPM, listes, mois exclus décidés par l'ANSM
-- règle : 2 mois, 4 mois pour la liste « 4 mois », ou la décision de l'ANSM, chacune depuis sa date (CSP L. 5121-29 et
--   R. 5124-49-4 ; IGAS 2025-002R, § 271). Une décision l'emporte sur la liste. Les boîtes de tailles différentes ne
--   sont jamais additionnées.
-- seuils : safety_months, safety_raised_months, safety_period_weeks, legal_weeks, legal_min_weeks, carry_weeks,
--   expected_weeks
WITH pair AS (
    SELECT s.cip13 AS cip13, s.participant AS laboratory, MIN(s.week) AS first_week
    FROM stock_presence AS s
    WHERE s.link = 'exploitants' AND s.cip13 IN (SELECT d.cip13 FROM stock_duty AS d)
    GROUP BY s.cip13, s.participant
),
excluded AS (
    SELECT DISTINCT s.cip13 AS cip13, x.week AS week
    FROM excluded_week AS x
    INNER JOIN subject_presentation AS s ON s.subject_id = x.subject_id
),
line AS (
    SELECT
        p.cip13 AS cip13, p.laboratory AS laboratory, w.week AS week, h.stock_boxes AS stock_boxes,
        h.gap_weeks AS gap_weeks,
        h.usual_monthly_sales_boxes AS usual_monthly_sales_boxes,
        CASE WHEN x.week IS NULL THEN r.sales_boxes END AS sales_boxes,
        CASE WHEN x.week IS NOT NULL THEN 1 ELSE 0 END AS is_excluded
    FROM pair AS p
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
windowed AS (
    SELECT
        l.*,
        SUM(l.sales_boxes) OVER legal_window AS legal_sales_boxes,
        COUNT(l.sales_boxes) OVER legal_window AS reference_weeks,
        SUM(l.is_excluded) OVER legal_window AS excluded_weeks
    FROM line AS l
    CROSS JOIN demand_window AS d
    WINDOW legal_window AS (
        PARTITION BY l.cip13, l.laboratory ORDER BY l.week
        RANGE BETWEEN d.legal_span PRECEDING AND CURRENT ROW
    )
),
referred AS (
    SELECT
        w.*,
        CASE
            WHEN w.reference_weeks >= p.legal_min_weeks
                THEN weekly_to_monthly(NULLIF(w.legal_sales_boxes, 0) / w.reference_weeks)
            ELSE NULLIF(w.usual_monthly_sales_boxes, 0)
        END AS monthly_boxes,
        CASE
            WHEN w.reference_weeks >= p.legal_min_weeks THEN 'ventes des 12 mois glissants'
            WHEN w.usual_monthly_sales_boxes > 0 THEN 'ventes habituelles déclarées'
        END AS reference_origin,
        w.gap_weeks IS NULL OR w.gap_weeks > p.carry_weeks AS is_late
    FROM windowed AS w
    INNER JOIN newest_week AS n ON n.link = 'exploitants'
    CROSS JOIN parameter AS p
    WHERE w.week > n.week - week_days(p.safety_period_weeks)
),
owed AS (
    SELECT
        r.cip13 AS cip13, r.laboratory AS laboratory, r.week AS week,
        MIN_BY(d.months, d.priority) AS duty_months, MIN_BY(d.origin, d.priority) AS duty_origin
    FROM referred AS r
    INNER JOIN stock_duty AS d ON d.cip13 = r.cip13 AND d.since_on <= r.week + 6
    GROUP BY r.cip13, r.laboratory, r.week
),
covered AS (
    SELECT
        r.*, o.duty_months, o.duty_origin, CASE WHEN NOT r.is_late THEN r.stock_boxes / r.monthly_boxes END AS months
    FROM referred AS r
    INNER JOIN owed AS o ON o.cip13 = r.cip13 AND o.laboratory = r.laboratory AND o.week = r.week
)
SELECT
    c.cip13, c.laboratory, c.week, c.stock_boxes, c.monthly_boxes, c.reference_origin, c.reference_weeks,
    c.excluded_weeks,
    c.months, c.duty_months, c.duty_origin, c.months < c.duty_months AS is_under,
    CASE
        WHEN c.is_late THEN 'en_retard'
        WHEN c.months IS NULL THEN 'non_pertinente'
        WHEN c.gap_weeks > 0 THEN 'estime'
        ELSE 'a_jour'
    END AS figure_state
FROM covered AS c
ORDER BY c.cip13, c.laboratory, c.week
