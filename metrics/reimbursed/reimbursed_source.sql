-- Que contiennent les fichiers de remboursement, et quelle part échappe au référentiel public ?
-- grain : source × période (douze derniers mois publiés, ou année)
-- unité : boîtes remboursées, présentations, % des boîtes
-- formule : boîtes des présentations absentes du référentiel ÷ boîtes de la période
-- absence : aucune boîte sur la période
-- source : Medic'AM, Open Medic (Assurance maladie), référentiel public (BDPM)
-- règle : toutes les boîtes du fichier sont comptées, rattachées ou non
-- état : medicam, openmedic
WITH met AS (
    SELECT
        'medicam' AS source_key,
        strftime(MIN(m.month) OVER (), '%Y-%m') || ' à ' || strftime(MAX(m.month) OVER (), '%Y-%m') AS period,
        b.cip13, b.boxes
    FROM medicam_box AS b
    INNER JOIN medicam_month AS m ON m.month = b.month AND m.rank <= 12
    UNION ALL
    SELECT 'openmedic' AS source_key, CAST(b.year AS VARCHAR) AS period, b.cip13, b.boxes
    FROM openmedic_box AS b
),
every AS (
    SELECT source_key, period, COUNT(DISTINCT cip13) AS presentations, SUM(boxes) AS boxes
    FROM met
    GROUP BY source_key, period
),
missed AS (
    SELECT source_key, period, COUNT(*) AS presentations, SUM(boxes) AS boxes
    FROM reimbursed_unmatched
    GROUP BY source_key, period
)
SELECT
    e.source_key, e.period, e.presentations, e.boxes, COALESCE(m.presentations, 0) AS unmatched_presentations,
    COALESCE(m.boxes, 0) AS unmatched_boxes, ROUND(exact_ratio(100 * COALESCE(m.boxes, 0), e.boxes), 2) AS unmatched_pct
FROM every AS e
LEFT JOIN missed AS m ON m.source_key = e.source_key AND m.period = e.period
ORDER BY e.source_key, e.period
