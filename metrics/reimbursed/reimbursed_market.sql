-- Qui tient le marché d'un médicament, d'après les boîtes remboursées ?
-- grain : sujet (groupe suivi ou DCI) × source × titulaire
-- unité : % des boîtes remboursées du sujet
-- formule : boîtes des présentations du titulaire ÷ boîtes du sujet ; Medic'AM sur les douze derniers mois publiés,
--   Open Medic sur la dernière année
-- absence : aucune boîte remboursée sur la période ; titulaire absent du référentiel
-- source : Medic'AM, Open Medic (Assurance maladie), titulaires du référentiel public (BDPM)
-- règle : le titulaire de l'autorisation n'est pas toujours l'exploitant qui vend. Boîtes remboursées en ville
--   seulement : un médicament d'hôpital ou non remboursé n'y a pas de part
-- état : medicam, openmedic
WITH sold AS (
    SELECT
        'medicam' AS source_key, b.cip13, SUM(b.boxes) AS boxes, MIN(m.month) AS first_month, MAX(m.month) AS last_month
    FROM medicam_box AS b
    INNER JOIN medicam_month AS m ON m.month = b.month AND m.rank <= 12
    GROUP BY b.cip13
    UNION ALL
    SELECT
        'openmedic' AS source_key, b.cip13, SUM(b.boxes) AS boxes, make_date(MAX(b.year), 1, 1) AS first_month,
        make_date(MAX(b.year), 12, 1) AS last_month
    FROM openmedic_box AS b
    WHERE b.year = (SELECT MAX(year) FROM openmedic_in_force)
    GROUP BY b.cip13
),
held AS (
    SELECT s.subject_id, b.source_key, TRIM(p.holder) AS holder, SUM(b.boxes) AS boxes, COUNT(*) AS presentations
    FROM subject_presentation AS s
    INNER JOIN sold AS b ON b.cip13 = s.cip13 AND b.boxes > 0
    INNER JOIN presentation AS p ON p.cip13 = s.cip13
    GROUP BY s.subject_id, b.source_key, TRIM(p.holder)
),
period AS (
    SELECT source_key, MIN(first_month) AS first_month, MAX(last_month) AS last_month FROM sold GROUP BY source_key
)
SELECT
    h.subject_id, h.source_key, t.first_month, t.last_month, h.holder, h.boxes,
    ROUND(exact_ratio(100 * h.boxes, SUM(h.boxes) OVER (PARTITION BY h.subject_id, h.source_key)), 2) AS share_pct,
    ROW_NUMBER() OVER (PARTITION BY h.subject_id, h.source_key ORDER BY h.boxes DESC, h.holder) AS rank,
    h.presentations
FROM held AS h
INNER JOIN period AS t ON t.source_key = h.source_key
ORDER BY h.subject_id, h.source_key, rank
