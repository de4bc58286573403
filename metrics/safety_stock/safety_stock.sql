-- Le stock de sécurité de chaque spécialité est-il tenu, et depuis quand ne l'est-il plus ?
-- grain : spécialité soumise à un stock de sécurité × exploitant ; une spécialité sans relevé garde une ligne, au nom
--   de son titulaire
-- unité : mois de ventes, jours ; stocks et ventes dans l'unité commune aux boîtes de la spécialité (unit_word)
-- formule : dernière semaine connue de safety_stock_week ; jours sous le seuil = 7 × semaines connues où les mois sont
--   inférieurs au dû ; unités manquantes = mois dus × ventes mensuelles − stock. Sous le dû et non déclarée : sous le
--   seuil à ce jour, aucune déclaration ouverte d'aucune de ses présentations
-- absence : aucun relevé reçu (« absent »), aucune vente de référence ou boîtes qui ne s'additionnent pas (« non
--   pertinente ») : ni zéro, ni comptée sous le seuil
-- source : TracStocks, référentiel de la BDPM, listes, TrustMed pour les déclarations ouvertes
-- règle : dû par spécialité (IGAS 2025-002R, annexe 2, § 9). Une déclaration ouverte ne retire pas la ligne : être en
--   risque de rupture n'exonère pas du stock de sécurité (§ 130) ; elle est montrée à côté. Un relevé hebdomadaire vaut
--   pour ses sept jours. Ces écarts désignent où demander, ils ne constatent pas un manquement.
-- seuils : safety_months, safety_raised_months, safety_period_weeks, expected_weeks, grace_days, safety_back_weeks,
--   safety_repeat_months
-- état : tracstocks, trustmed
WITH summed AS (
    SELECT
        cis, laboratory, MAX(week) AS newest_week,
        MAX(CASE WHEN months IS NOT NULL THEN week END) AS known_week,
        7 * COUNT(CASE WHEN is_under THEN 1 END) AS days_under, 7 * COUNT(months) AS days_known,
        7 * COUNT(CASE WHEN months IS NULL THEN 1 END) AS days_unknown, MIN(months) AS lowest_months,
        MAX(CASE WHEN NOT is_under THEN week END) AS last_held_week, LIST(months ORDER BY week) AS spark
    FROM safety_stock_week
    GROUP BY cis, laboratory
),
since AS (
    SELECT w.cis, w.laboratory, MIN(w.week) AS under_since_week
    FROM safety_stock_week AS w
    INNER JOIN summed AS s ON s.cis = w.cis AND s.laboratory = w.laboratory
    WHERE w.is_under AND (s.last_held_week IS NULL OR w.week > s.last_held_week)
    GROUP BY w.cis, w.laboratory
),
company_stock AS (
    SELECT
        s.cis, s.laboratory, k.measured_on, COALESCE(k.boxes, n.boxes) AS boxes, k.unit_word,
        k.stock_units, k.monthly_units,
        k.reference_origin, k.reference_weeks, k.excluded_weeks, k.months, n.duty_months, n.duty_origin,
        k.months < n.duty_months AS is_under, s.days_under, s.days_known, s.days_unknown, s.lowest_months,
        u.under_since_week, s.spark, n.figure_state AS week_state, n.unadded_reason,
        CASE
            WHEN n.figure_state IN ('a_jour', 'estime')
                AND date_diff('day', n.week + 6, p.as_of) > t.period_late_after_days THEN 'en_retard'
            ELSE n.figure_state
        END AS figure_state
    FROM summed AS s
    INNER JOIN safety_stock_week AS n ON n.cis = s.cis AND n.laboratory = s.laboratory AND n.week = s.newest_week
    LEFT JOIN safety_stock_week AS k
        ON k.cis = s.cis AND k.laboratory = s.laboratory AND k.week = s.known_week
        AND n.figure_state <> 'non_pertinente'
    LEFT JOIN since AS u ON u.cis = s.cis AND u.laboratory = s.laboratory
    CROSS JOIN parameter AS p
    INNER JOIN source_state AS t ON t.source_key = 'tracstocks'
),
-- A speciality nobody reported, at the name of its holder: not to be forgotten, and not zero.
unreported AS (
    SELECT
        d.cis AS cis, MIN(COALESCE(b.holder, '')) AS laboratory, MIN_BY(d.months, d.priority) AS duty_months,
        MIN_BY(d.origin, d.priority) AS duty_origin
    FROM stock_duty AS d
    INNER JOIN speciality AS b ON b.cis = d.cis
    CROSS JOIN parameter AS p
    WHERE d.since_on <= p.as_of AND d.cis NOT IN (SELECT t.cis FROM company_stock AS t)
    GROUP BY d.cis
),
listed AS (
    SELECT cis, laboratory, duty_months, duty_origin FROM company_stock
    UNION ALL
    SELECT cis, laboratory, duty_months, duty_origin FROM unreported
),
marketed AS (
    SELECT cis, COUNT(*) AS boxes FROM owed_presentation GROUP BY cis
),
opened AS (
    SELECT
        cis, COUNT(*) AS open_declarations, MAX(CASE kind WHEN 'rupture' THEN 1 ELSE 0 END) = 1 AS has_rupture,
        STRING_AGG(declaration_no, ', ' ORDER BY declaration_no) AS declaration_nos,
        STRING_AGG(CASE WHEN is_back THEN declaration_no END, ', ' ORDER BY declaration_no) AS back_nos,
        MAX(CASE WHEN is_back THEN held_weeks END) AS back_weeks
    FROM safety_declaration
    GROUP BY cis
)
SELECT
    e.cis, e.laboratory, b.denomination, b.dci, b.dci_key, b.atc, b.is_mitm, t.measured_on,
    COALESCE(t.boxes, 0) AS boxes, m.boxes AS boxes_marketed, t.unit_word, t.stock_units, t.monthly_units,
    t.reference_origin, t.reference_weeks, t.excluded_weeks, t.months, e.duty_months, e.duty_origin, t.is_under,
    CASE WHEN t.is_under THEN CEIL(ROUND(e.duty_months * t.monthly_units - t.stock_units, 6)) END AS missing_units,
    COALESCE(t.days_under, 0) AS days_under, COALESCE(t.days_known, 0) AS days_known,
    COALESCE(t.days_unknown, 0) AS days_unknown, t.lowest_months,
    CASE WHEN t.is_under THEN t.under_since_week END AS under_since_on, t.spark,
    COALESCE(t.figure_state, 'absent') AS figure_state,
    CASE
        WHEN t.cis IS NULL THEN 'Aucun relevé reçu pour cette spécialité.'
        WHEN t.week_state = 'en_retard'
            THEN 'Relevé manquant ou à confirmer depuis plus d''une semaine ; dernière valeur connue affichée.'
        WHEN t.unadded_reason IS NOT NULL THEN 'Boîtes qui ne s''additionnent pas : ' || t.unadded_reason || '.'
        WHEN t.week_state = 'non_pertinente'
            THEN 'Ventes de référence nulles ou inconnues : les mois ne se calculent pas.'
        WHEN t.figure_state = 'en_retard' THEN 'Aucun relevé plus récent reçu.'
        WHEN t.week_state = 'estime'
            THEN 'Relevé du ' || strftime(t.measured_on, '%d/%m/%Y') || ' reporté : au moins une présentation n''en a '
                || 'pas de plus récent.'
    END AS state_reason,
    COALESCE(o.open_declarations, 0) AS open_declarations, COALESCE(o.has_rupture, FALSE) AS has_rupture,
    o.declaration_nos, o.back_nos, o.back_weeks,
    COALESCE(t.is_under AND t.figure_state IN ('a_jour', 'estime') AND o.cis IS NULL, FALSE) AS is_undeclared,
    c.declared_months, c.known_months, COALESCE(c.is_candidate, FALSE) AS is_candidate, r.manual_reason
FROM listed AS e
INNER JOIN speciality AS b ON b.cis = e.cis
INNER JOIN marketed AS m ON m.cis = e.cis
LEFT JOIN company_stock AS t ON t.cis = e.cis AND t.laboratory = e.laboratory
LEFT JOIN opened AS o ON o.cis = e.cis
LEFT JOIN safety_candidate AS c ON c.cis = e.cis
LEFT JOIN stock_manual AS r ON r.cis = e.cis
ORDER BY e.cis, e.laboratory
