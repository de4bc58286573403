-- Quelle part d'un groupe ou d'une DCI est sous déclaration ouverte, et de quoi est-ce la part ?
-- grain : sujet × famille de part (« ventes », « écrite ») × circuit, sujet ayant des ventes ou une déclaration ouverte
-- unité : % du marché que nomme la colonne share_of
-- formule : « ventes » : part des présentations déclarées dans les ventes des exploitants sur 52 semaines, ville et
--   hôpital ensemble, du groupe ou de la DCI. « écrite » : somme des parts que les déclarations écrivent pour leur
--   présentation dans sa DCI, en ville ou à l'hôpital, 100 % au plus ; une présentation déclarée deux fois compte une
--   fois, pour sa plus grande part. Part la plus haute : 100 % dès qu'une présentation déclarée n'a pas de part connue.
-- absence : aucune part connue (écrite, ou calculée)
-- source : TrustMed, TracStocks
-- règle : seul endroit où une part sous déclaration est calculée ; les deux familles ne s'additionnent ni ne se
--   comparent sans être nommées. Une boîte vaut une boîte, quelle que soit sa taille
-- seuils : legal_weeks
WITH opened AS (
    SELECT DISTINCT declaration_no, cip13, dci_key, circuits, share_town_pct, share_hospital_pct
    FROM declaration
    WHERE status = 'ouverte'
),
counted AS (
    SELECT s.subject_id AS subject_id, COUNT(*) AS declarations, COUNT(DISTINCT o.cip13) AS presentations
    FROM opened AS o
    INNER JOIN subject_presentation AS s ON s.cip13 = o.cip13
    GROUP BY s.subject_id
),
sold_box AS (
    -- Two laboratories that sell one presentation, one after the other, make one part of the market.
    SELECT subject_id, cip13, SUM(boxes) AS boxes, SUM(SUM(boxes)) OVER (PARTITION BY subject_id) AS all_boxes
    FROM period_sales
    WHERE link = 'exploitants'
    GROUP BY subject_id, cip13
),
sold AS (
    SELECT
        s.subject_id, COUNT(o.cip13) AS declared_presentations,
        CAST(exact_ratio(100 * SUM(CASE WHEN o.cip13 IS NULL THEN 0 ELSE s.boxes END), MAX(s.all_boxes)) AS DOUBLE)
            AS share_pct,
        CAST(
            MAX(exact_ratio(100 * CASE WHEN o.cip13 IS NULL THEN 0 ELSE s.boxes END, s.all_boxes)) AS DOUBLE
        ) AS largest_share_pct
    FROM sold_box AS s
    LEFT JOIN (SELECT DISTINCT cip13 FROM opened) AS o ON o.cip13 = s.cip13
    GROUP BY s.subject_id
    HAVING MAX(s.all_boxes) > 0
),
by_sales AS (
    SELECT
        COALESCE(m.subject_id, c.subject_id) AS subject_id, 'ventes' AS family, 'ville et hôpital' AS circuit,
        COALESCE(c.declarations, 0) AS declarations, COALESCE(c.presentations, 0) AS presentations,
        GREATEST(0, COALESCE(c.presentations, 0) - COALESCE(m.declared_presentations, 0)) AS unknown_presentations,
        m.largest_share_pct, m.share_pct
    FROM sold AS m
    FULL JOIN counted AS c ON c.subject_id = m.subject_id
),
written_box AS (
    -- The same presentation declared twice is one part of the market.
    SELECT
        'dci:' || o.dci_key AS subject_id, c.circuit, o.cip13, COUNT(*) AS declarations,
        MAX(CAST(CASE c.circuit WHEN 'ville' THEN o.share_town_pct ELSE o.share_hospital_pct END AS DECIMAL(9, 4)))
            AS share_pct
    FROM opened AS o
    CROSS JOIN (SELECT 'ville' AS circuit UNION ALL SELECT 'hôpital' AS circuit) AS c
    WHERE o.dci_key IS NOT NULL AND list_contains(o.circuits, c.circuit)
    GROUP BY o.dci_key, c.circuit, o.cip13
),
by_word AS (
    SELECT
        subject_id, 'écrite' AS family, circuit, CAST(SUM(declarations) AS BIGINT) AS declarations,
        COUNT(*) AS presentations, COUNT(*) - COUNT(share_pct) AS unknown_presentations,
        CAST(MAX(share_pct) AS DOUBLE) AS largest_share_pct,
        -- LEAST forgets what is unknown: no share at all would make 100 %.
        CASE WHEN COUNT(share_pct) > 0 THEN CAST(LEAST(100, SUM(share_pct)) AS DOUBLE) END AS share_pct
    FROM written_box
    GROUP BY subject_id, circuit
)
SELECT
    f.subject_id, u.dci_key, u.dci, f.family, f.circuit,
    CASE WHEN f.family = 'ventes' THEN 'des ventes ' ELSE 'du marché ' END
    || CASE
        WHEN f.family = 'ventes' THEN CASE u.kind WHEN 'groupe' THEN 'du groupe' ELSE 'de la DCI' END
            || ' (ville et hôpital, ' || CAST(p.legal_weeks AS INTEGER) || ' semaines)'
        WHEN f.circuit = 'ville' THEN 'de ville de la DCI'
        ELSE 'hospitalier de la DCI'
    END AS share_of,
    f.declarations, f.presentations, f.unknown_presentations, f.largest_share_pct, f.share_pct,
    CASE WHEN f.unknown_presentations > 0 THEN 100 ELSE f.share_pct END AS upper_share_pct
FROM (SELECT * FROM by_sales UNION ALL SELECT * FROM by_word) AS f
INNER JOIN subject AS u ON u.subject_id = f.subject_id
CROSS JOIN parameter AS p
ORDER BY f.subject_id, f.family, f.circuit
