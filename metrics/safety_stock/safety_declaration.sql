-- Quelle déclaration reste ouverte alors que le stock est revenu à son dû ?
-- grain : déclaration ouverte d'une présentation soumise à un stock de sécurité
-- unité : semaines ; mois de ventes
-- formule : semaines de suite, jusqu'à la dernière connue et depuis le début déclaré, où la présentation déclarée tient
--   le nombre de mois dû, et la spécialité aussi
-- absence : relevé manquant ou mois non calculables : la suite s'arrête là
-- source : TrustMed, TracStocks, listes
-- règle : le statut « en risque de rupture » n'exonère pas du stock de sécurité, et une remise à disposition appelle la
--   clôture (IGAS 2025-002R, § 130 et 133). « Revenu » : depuis le nombre de semaines du seuil. Un retour constaté
--   désigne où demander la clôture, il ne la vaut pas.
-- seuils : safety_back_weeks
WITH opened AS (
    SELECT
        d.declaration_no, d.cip13, o.cis, d.laboratory, d.kind, d.declared_on,
        GREATEST(COALESCE(d.start_on, d.declared_on), d.declared_on) AS since_on
    FROM declaration AS d
    INNER JOIN owed_presentation AS o ON o.cip13 = d.cip13
    WHERE d.status = 'ouverte'
),
held AS (
    -- At several companies, the one that holds least.
    SELECT
        w.cip13, w.week, MIN(w.measured_on) AS measured_on, MIN(w.months) AS months, MIN(s.duty_months) AS duty_months,
        COUNT(CASE WHEN NOT w.is_expected OR w.months >= s.duty_months THEN 1 END) = COUNT(*)
            AND COUNT(CASE WHEN w.is_expected THEN 1 END) > 0
            AND COUNT(CASE WHEN NOT s.is_under THEN 1 END) = COUNT(*) AS is_held
    FROM safety_box_week AS w
    INNER JOIN safety_stock_week AS s ON s.cis = w.cis AND s.laboratory = w.laboratory AND s.week = w.week
    GROUP BY w.cip13, w.week
),
counted AS (
    SELECT
        o.declaration_no,
        MAX(CASE WHEN NOT h.is_held THEN h.week END) AS last_short_week, MAX(h.week) AS last_week
    FROM opened AS o
    INNER JOIN held AS h ON h.cip13 = o.cip13
    GROUP BY o.declaration_no
),
run AS (
    SELECT o.declaration_no, COUNT(*) AS held_weeks, MIN(h.week) AS held_since_week
    FROM opened AS o
    INNER JOIN counted AS c ON c.declaration_no = o.declaration_no
    INNER JOIN held AS h
        ON h.cip13 = o.cip13 AND h.is_held AND h.week >= o.since_on
        AND (c.last_short_week IS NULL OR h.week > c.last_short_week)
    GROUP BY o.declaration_no
)
SELECT
    o.declaration_no, o.cip13, o.cis, o.laboratory, o.kind, o.declared_on, o.since_on, n.months, n.duty_months,
    n.measured_on, COALESCE(r.held_weeks, 0) AS held_weeks, r.held_since_week,
    COALESCE(r.held_weeks, 0) >= p.safety_back_weeks AS is_back
FROM opened AS o
CROSS JOIN parameter AS p
LEFT JOIN counted AS c ON c.declaration_no = o.declaration_no
LEFT JOIN run AS r ON r.declaration_no = o.declaration_no
LEFT JOIN held AS n ON n.cip13 = o.cip13 AND n.week = c.last_week
ORDER BY o.declaration_no
