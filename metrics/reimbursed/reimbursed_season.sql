-- À quels mois de l'année un médicament est-il le plus remboursé ?
-- grain : sujet (groupe suivi ou DCI) × mois de l'année (1 à 12)
-- unité : indice, 100 pour un mois moyen
-- formule : boîtes du mois ÷ moyenne des douze mois de la même année glissante ; moyenne de ces rapports sur les
--   années entières connues, comptées à rebours du dernier mois publié
-- absence : moins de douze mois publiés d'affilée, ou aucune boîte
-- source : Medic'AM (Assurance maladie)
-- règle : « haut » à partir de season_high_pct. Boîtes remboursées en ville : une pénurie baisse l'indice des mois où
--   elle a eu lieu, sans rien dire du besoin
-- seuils : season_high_pct
-- état : medicam
WITH placed AS (
    SELECT
        r.subject_id, r.month, r.boxes, date_diff('month', r.month, m.last_month) // 12 AS years_back
    FROM reimbursed_subject_month AS r
    INNER JOIN medicam_month AS m ON m.month = r.month
),
whole_year AS (
    SELECT subject_id, years_back, SUM(boxes) AS boxes
    FROM placed
    GROUP BY subject_id, years_back
    HAVING COUNT(*) = 12 AND SUM(boxes) > 0
)
SELECT
    p.subject_id, CAST(MONTH(p.month) AS INTEGER) AS calendar_month,
    ROUND(AVG(exact_ratio(1200 * p.boxes, w.boxes)), 1) AS season_index, COUNT(*) AS season_years,
    ROUND(AVG(exact_ratio(1200 * p.boxes, w.boxes)), 1) >= MAX(t.season_high_pct) AS is_high
FROM placed AS p
INNER JOIN whole_year AS w ON w.subject_id = p.subject_id AND w.years_back = p.years_back
CROSS JOIN parameter AS t
GROUP BY p.subject_id, MONTH(p.month)
ORDER BY p.subject_id, calendar_month
