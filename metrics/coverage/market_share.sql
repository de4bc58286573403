-- Quelle part du marché chaque laboratoire tient-il, et quelle part de ce marché a-t-il déclarée ?
-- grain : sujet × laboratoire
-- unité : % des boîtes du sujet (groupe ou DCI) vendues par les exploitants, ville et hôpital ensemble, sur 52 semaines
-- formule : ventes du laboratoire ÷ ventes de tous ; part déclarée = ventes de ses seules présentations sous
--   déclaration ouverte ÷ ventes de tous. Ventes d'un an d'un déclarant : sa demande hebdomadaire de référence (celle
--   de la couverture, quel que soit le rythme de ses relevés) × les semaines de la période ; jusqu'à son dernier relevé
--   s'il n'est plus attendu ou qu'un autre a repris la présentation, depuis son premier s'il l'a reprise
-- absence : aucune vente déclarée dans TracStocks
-- source : TracStocks, TrustMed
-- règle : une déclaration porte sur une présentation : les autres présentations du laboratoire ne sont pas sous
--   déclaration. Parts calculées sur les ventes, à ne pas confondre avec la part écrite dans la déclaration. Molécule,
--   Arrêts et Classement lisent les mêmes ventes. Une boîte vaut une boîte, quelle que soit sa taille
-- seuils : legal_weeks
-- état : tracstocks, trustmed
WITH sold AS (
    SELECT subject_id, participant AS laboratory, cip13, boxes
    FROM period_sales
    WHERE link = 'exploitants'
),
held AS (
    SELECT
        s.subject_id, s.laboratory, SUM(s.boxes) AS boxes, COUNT(*) AS presentations,
        COALESCE(SUM(CASE WHEN d.cip13 IS NOT NULL THEN s.boxes END), 0) AS declared_boxes,
        COUNT(d.cip13) AS declared_presentations
    FROM sold AS s
    LEFT JOIN (SELECT DISTINCT cip13 FROM declaration WHERE status = 'ouverte') AS d ON d.cip13 = s.cip13
    GROUP BY s.subject_id, s.laboratory
),
total AS (
    SELECT subject_id, NULLIF(SUM(boxes), 0) AS boxes
    FROM held
    GROUP BY subject_id
)
SELECT
    h.subject_id, h.laboratory, h.boxes, exact_ratio(100 * h.boxes, t.boxes) AS share_pct,
    h.declared_boxes, exact_ratio(100 * h.declared_boxes, t.boxes) AS declared_share_pct, h.presentations,
    h.declared_presentations
FROM held AS h
INNER JOIN total AS t ON t.subject_id = h.subject_id
ORDER BY h.subject_id, h.boxes DESC, h.laboratory
