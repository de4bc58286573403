-- Le stock de sécurité de chaque présentation est-il tenu, et depuis quand ne l'est-il plus ?
-- grain : présentation soumise à un stock de sécurité × exploitant ; une présentation sans relevé garde une ligne, au
--   nom de son titulaire
-- unité : mois de ventes, jours, boîtes
-- formule : dernière semaine connue de safety_stock_week ; jours sous le seuil = 7 × semaines connues où les mois sont
--   inférieurs au dû ; boîtes manquantes = mois dus × ventes mensuelles − stock
-- absence : aucun relevé reçu (« absent »), aucune vente de référence (« non pertinente ») : ni zéro, ni comptée sous
--   le seuil
-- source : TracStocks, référentiel de la BDPM, listes, TrustMed pour les dossiers ouverts
-- règle : un dossier ouvert ne retire pas la ligne : être en risque de rupture n'exonère pas du stock de sécurité (IGAS
--   2025-002R, § 130) ; il est montré à côté. Un relevé hebdomadaire vaut pour ses sept jours. Ces écarts désignent où
--   demander, ils ne constatent pas un manquement.
-- seuils : safety_months, safety_raised_months, safety_period_weeks, expected_weeks, grace_days
WITH weekly AS (
    SELECT w.*
    FROM safety_stock_week AS w
    INNER JOIN stock_debtor AS k ON k.cip13 = w.cip13 AND k.laboratory = w.laboratory
),
summed AS (
    SELECT
        cip13, laboratory, MAX(week) AS newest_week, MAX(CASE WHEN months IS NOT NULL THEN week END) AS known_week,
        7 * COUNT(CASE WHEN is_under THEN 1 END) AS days_under, 7 * COUNT(months) AS days_known,
        7 * COUNT(CASE WHEN months IS NULL THEN 1 END) AS days_unknown, MIN(months) AS lowest_months,
        MAX(CASE WHEN NOT is_under THEN week END) AS last_held_week, LIST(months ORDER BY week) AS spark
    FROM weekly
    GROUP BY cip13, laboratory
),
since AS (
    SELECT w.cip13, w.laboratory, MIN(w.week) AS under_since_week
    FROM weekly AS w
    INNER JOIN summed AS s ON s.cip13 = w.cip13 AND s.laboratory = w.laboratory
    WHERE w.is_under AND (s.last_held_week IS NULL OR w.week > s.last_held_week)
    GROUP BY w.cip13, w.laboratory
),
opened AS (
    SELECT
        cip13, COUNT(*) AS open_declarations, MAX(CASE kind WHEN 'rupture' THEN 1 ELSE 0 END) AS has_rupture,
        STRING_AGG(declaration_no, ', ' ORDER BY declaration_no) AS declaration_nos
    FROM declaration
    WHERE status = 'ouverte'
    GROUP BY cip13
),
told AS (
    SELECT
        s.cip13, s.laboratory, k.week + 6 AS measured_on, k.stock_boxes, k.monthly_boxes, k.reference_origin,
        k.reference_weeks,
        k.excluded_weeks, k.months, n.duty_months, n.duty_origin, k.months < n.duty_months AS is_under, s.days_under,
        s.days_known, s.days_unknown, s.lowest_months, u.under_since_week, s.spark, n.figure_state AS week_state,
        date_diff('day', n.week + 6, p.as_of) > t.period_late_after_days AS is_source_late
    FROM summed AS s
    INNER JOIN weekly AS n ON n.cip13 = s.cip13 AND n.laboratory = s.laboratory AND n.week = s.newest_week
    LEFT JOIN weekly AS k
        ON k.cip13 = s.cip13 AND k.laboratory = s.laboratory AND k.week = s.known_week
        AND n.figure_state <> 'non_pertinente'
    LEFT JOIN since AS u ON u.cip13 = s.cip13 AND u.laboratory = s.laboratory
    CROSS JOIN parameter AS p
    INNER JOIN source_state AS t ON t.source_key = 'tracstocks'
),
-- A presentation nobody told, at the name of its holder: not to be forgotten, and not zero.
untold AS (
    SELECT
        d.cip13 AS cip13, MIN(COALESCE(b.holder, '')) AS laboratory, MIN_BY(d.months, d.priority) AS duty_months,
        MIN_BY(d.origin, d.priority) AS duty_origin
    FROM stock_duty AS d
    INNER JOIN presentation AS b ON b.cip13 = d.cip13
    CROSS JOIN parameter AS p
    WHERE d.since_on <= p.as_of AND d.cip13 NOT IN (SELECT t.cip13 FROM told AS t)
    GROUP BY d.cip13
),
listed AS (
    SELECT cip13, laboratory, duty_months, duty_origin FROM told
    UNION ALL
    SELECT cip13, laboratory, duty_months, duty_origin FROM untold
)
SELECT
    e.cip13, e.laboratory, b.cis, b.denomination, b.label AS presentation_label, b.dci, b.dci_key, b.atc, b.is_mitm,
    t.measured_on, t.stock_boxes, t.monthly_boxes, t.reference_origin, t.reference_weeks, t.excluded_weeks, t.months,
    e.duty_months, e.duty_origin, t.is_under,
    CASE WHEN t.is_under THEN CEIL(e.duty_months * t.monthly_boxes - t.stock_boxes) END AS missing_boxes,
    COALESCE(t.days_under, 0) AS days_under, COALESCE(t.days_known, 0) AS days_known,
    COALESCE(t.days_unknown, 0) AS days_unknown, t.lowest_months,
    CASE WHEN t.is_under THEN t.under_since_week END AS under_since_on, t.spark,
    CASE
        WHEN t.cip13 IS NULL THEN 'absent'
        WHEN t.is_source_late AND t.week_state IN ('a_jour', 'estime') THEN 'en_retard'
        ELSE t.week_state
    END AS figure_state,
    CASE
        WHEN t.cip13 IS NULL THEN 'Aucun relevé reçu pour cette présentation.'
        WHEN t.week_state = 'en_retard'
            THEN 'Relevé manquant ou à confirmer depuis plus d''une semaine ; dernière valeur connue affichée.'
        WHEN t.week_state = 'non_pertinente' THEN 'Aucune vente de référence : les mois de stock ne se calculent pas.'
        WHEN t.is_source_late THEN 'Aucun relevé plus récent reçu.'
        WHEN t.week_state = 'estime' THEN 'Relevé de la dernière semaine manquant : celui d''avant est reporté.'
    END AS state_reason,
    COALESCE(o.open_declarations, 0) AS open_declarations, COALESCE(o.has_rupture, 0) = 1 AS has_rupture,
    o.declaration_nos,
    m.manual_reason
FROM listed AS e
INNER JOIN presentation AS b ON b.cip13 = e.cip13
LEFT JOIN told AS t ON t.cip13 = e.cip13 AND t.laboratory = e.laboratory
LEFT JOIN opened AS o ON o.cip13 = e.cip13
LEFT JOIN stock_manual AS m ON m.cip13 = e.cip13
ORDER BY e.cip13, e.laboratory
