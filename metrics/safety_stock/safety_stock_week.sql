-- Combien de mois de ventes le stock de l'exploitant couvre-t-il, semaine après semaine ?
-- grain : spécialité soumise à un stock de sécurité × exploitant × semaine ISO de la période examinée
-- unité : mois de ventes ; stocks et ventes dans l'unité commune aux boîtes de la spécialité (unit_word)
-- formule : somme des stocks des présentations ÷ somme de leurs ventes mensuelles de référence (safety_box_week),
--   chaque boîte comptée pour les unités qu'elle contient
-- absence : relevé d'une présentation attendue manquant depuis plus d'une semaine, aucune vente de référence, ou boîtes
--   de tailles qui ne s'additionnent pas : la semaine n'est comptée ni dessus ni dessous. Plus une seule boîte d'une
--   spécialité qui s'est vendue fait 0 mois, même sans référence : rien de ce qui est dû n'est là
-- source : TracStocks ; référentiel de la BDPM (libellés des présentations), listes, mois exclus et tailles de boîte
--   décidés par l'ANSM
-- règle : dû par spécialité, sur les ventes de la spécialité (CSP L. 5121-29 et R. 5124-49-4 ; IGAS 2025-002R, annexe
--   2, § 9) : 2 mois, 4 mois pour la liste « 4 mois », ou la décision de l'ANSM, chacune depuis sa date, jusqu'à la
--   suivante. Une décision l'emporte sur la liste. Une seule boîte relevée se compte en boîtes ; plusieurs, dans
--   l'unité que toutes leurs tailles partagent (libellé, ou saisie manuelle), sinon en récipients s'ils ont un seul
--   nom et rien ne dit qu'ils diffèrent, sinon le chiffre n'est pas calculable.
-- seuils : safety_months, safety_raised_months, safety_period_weeks, legal_weeks, legal_min_weeks, carry_weeks,
--   expected_weeks
WITH summed AS (
    SELECT
        w.cis AS cis, w.laboratory AS laboratory, w.week AS week, MIN(u.unit_word) AS unit_word,
        MIN(u.unadded_reason) AS unadded_reason,
        COUNT(CASE WHEN w.is_expected THEN 1 END) AS boxes,
        MIN(CASE WHEN w.is_expected THEN w.measured_on END) AS measured_on,
        COUNT(CASE WHEN w.is_expected AND w.figure_state = 'en_retard' THEN 1 END) AS late_boxes,
        COUNT(CASE WHEN w.is_expected AND w.figure_state = 'estime' THEN 1 END) AS carried_boxes,
        COUNT(CASE WHEN w.is_expected AND w.monthly_boxes IS NULL THEN 1 END) AS unsold_boxes,
        CAST(SUM(CASE WHEN w.is_expected THEN CAST(w.stock_boxes * u.factor AS DECIMAL(28, 6)) END) AS DOUBLE)
            AS stock_units,
        CAST(SUM(CASE WHEN w.is_expected THEN CAST(w.monthly_boxes * u.factor AS DECIMAL(28, 6)) END) AS DOUBLE)
            AS all_monthly_units,
        STRING_AGG(DISTINCT w.reference_origin, ' et ' ORDER BY w.reference_origin) AS reference_origin,
        MIN(CASE WHEN w.is_expected THEN w.reference_weeks END) AS reference_weeks,
        MAX(w.excluded_weeks) AS excluded_weeks,
        COUNT(CASE WHEN w.is_expected AND w.stock_boxes > 0 THEN 1 END) = 0
            AND COUNT(CASE WHEN w.is_expected AND w.is_sold THEN 1 END) > 0 AS is_empty
    FROM safety_box_week AS w
    INNER JOIN stock_unit AS u ON u.cip13 = w.cip13 AND u.laboratory = w.laboratory
    GROUP BY w.cis, w.laboratory, w.week
),
referred AS (
    -- The sales of a box unknown, those of the speciality are.
    SELECT s.*, CASE WHEN s.unsold_boxes = 0 THEN NULLIF(s.all_monthly_units, 0) END AS monthly_units,
        s.boxes = 0 OR s.late_boxes > 0 AS is_late
    FROM summed AS s
),
owed AS (
    SELECT
        r.cis AS cis, r.laboratory AS laboratory, r.week AS week,
        MIN_BY(d.months, d.priority) AS duty_months, MIN_BY(d.origin, d.priority) AS duty_origin
    FROM referred AS r
    INNER JOIN stock_duty AS d ON d.cis = r.cis AND d.since_on <= r.week + 6
    GROUP BY r.cis, r.laboratory, r.week
),
covered AS (
    -- Rounded, so that no verdict hangs on the last bit of a division.
    SELECT
        r.*, o.duty_months, o.duty_origin,
        CASE
            WHEN r.is_late THEN NULL
            WHEN r.is_empty THEN 0
            ELSE ROUND(r.stock_units / r.monthly_units, 9)
        END AS months
    FROM referred AS r
    INNER JOIN owed AS o ON o.cis = r.cis AND o.laboratory = r.laboratory AND o.week = r.week
)
SELECT
    c.cis, c.laboratory, c.week, c.measured_on, c.boxes, c.unit_word, c.stock_units, c.monthly_units,
    c.reference_origin, c.reference_weeks, c.excluded_weeks, c.months, c.duty_months, c.duty_origin,
    c.months < c.duty_months AS is_under,
    CASE WHEN c.months IS NULL AND NOT c.is_late THEN c.unadded_reason END AS unadded_reason,
    CASE
        WHEN c.is_late THEN 'en_retard'
        WHEN c.months IS NULL THEN 'non_pertinente'
        WHEN c.carried_boxes > 0 THEN 'estime'
        ELSE 'a_jour'
    END AS figure_state
FROM covered AS c
ORDER BY c.cis, c.laboratory, c.week
