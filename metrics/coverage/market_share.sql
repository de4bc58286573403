-- Quelle part du marché chaque laboratoire tient-il, et quelle part est sous déclaration ?
-- grain : sujet × laboratoire
-- unité : % des boîtes vendues par les exploitants sur 52 semaines
-- formule : ventes du laboratoire ÷ ventes de tous ; « sous déclaration » si une déclaration ouverte porte sur une de
--   ses présentations du sujet
-- absence : aucune vente déclarée dans TracStocks
-- source : TracStocks, TrustMed
-- règle : parts calculées sur les ventes déclarées chaque semaine, à ne pas confondre avec la part écrite dans la
--   déclaration
-- seuils : legal_weeks
WITH sold AS (
    SELECT s.subject_id AS subject_id, r.participant AS laboratory, SUM(r.sales_boxes) AS boxes
    FROM stock_reading AS r
    INNER JOIN subject_presentation AS s ON s.cip13 = r.cip13
    CROSS JOIN parameter AS p
    WHERE r.link = 'exploitants'
        AND r.week > (SELECT MAX(week) FROM stock_reading WHERE link = 'exploitants') - week_days(p.legal_weeks)
    GROUP BY s.subject_id, r.participant
),
declared AS (
    SELECT DISTINCT s.subject_id AS subject_id, d.laboratory AS laboratory
    FROM declaration AS d
    INNER JOIN subject_presentation AS s ON s.cip13 = d.cip13
    WHERE d.status = 'ouverte'
)
SELECT
    s.subject_id, s.laboratory, s.boxes,
    100 * s.boxes / NULLIF(SUM(s.boxes) OVER (PARTITION BY s.subject_id), 0) AS share_pct,
    d.laboratory IS NOT NULL AS is_declared
FROM sold AS s
LEFT JOIN declared AS d ON d.subject_id = s.subject_id AND d.laboratory = s.laboratory
ORDER BY s.subject_id, s.boxes DESC, s.laboratory
