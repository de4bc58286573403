-- Quelles présentations remboursées le référentiel public ne connaît-il pas ?
-- grain : source × période × présentation
-- unité : boîtes remboursées
-- formule : présentations du fichier absentes du référentiel public ; Medic'AM sur les douze derniers mois publiés,
--   Open Medic année par année
-- absence : libellé non écrit par la source
-- source : Medic'AM, Open Medic (Assurance maladie), référentiel public (BDPM)
-- règle : le référentiel ne garde une présentation que deux ans après son arrêt : une ancienne année en a beaucoup.
--   Leurs boîtes sont gardées et comptées ici, dans aucune DCI
-- état : medicam, openmedic
WITH met AS (
    SELECT
        'medicam' AS source_key,
        strftime(MIN(m.month) OVER (), '%Y-%m') || ' à ' || strftime(MAX(m.month) OVER (), '%Y-%m') AS period,
        b.cip13, b.label, b.boxes
    FROM medicam_box AS b
    INNER JOIN medicam_month AS m ON m.month = b.month AND m.rank <= 12
    UNION ALL
    SELECT 'openmedic' AS source_key, CAST(b.year AS VARCHAR) AS period, b.cip13, b.label, b.boxes
    FROM openmedic_box AS b
)
SELECT m.source_key, m.period, m.cip13, MIN(m.label) AS label, SUM(m.boxes) AS boxes
FROM met AS m
LEFT JOIN presentation AS p ON p.cip13 = m.cip13
WHERE p.cip13 IS NULL
GROUP BY m.source_key, m.period, m.cip13
ORDER BY m.source_key, m.period, boxes DESC, m.cip13
