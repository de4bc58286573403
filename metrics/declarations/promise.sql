-- Quelles dates ont été promises, et de combien ont-elles glissé ?
-- grain : déclaration × promesse (retour, ou approvisionnement par son rang) × version qui l'énonce
-- unité : jours de décalage (positif : repoussée)
-- formule : décalage = date promise dans cette version − date promise dans la version précédente. Un rang nouveau qui
--   prend la place d'un approvisionnement prévu, abandonné ou annulé dans la même version, en est le report ; sinon
--   c'est un approvisionnement supplémentaire.
-- absence : première énonciation, ou version qui ne redit pas la promesse
-- source : TrustMed
-- règle : chaque promesse est gardée, même remplacée sans un mot (IGAS 2025-002R, § 162 et 172)
-- seuils : slip_days, reminder_days
WITH version AS (
    SELECT
        declaration_no, version_no,
        LAG(version_no) OVER (PARTITION BY declaration_no ORDER BY version_no) AS previous_no
    FROM declaration_version
),
supply AS (
    SELECT * FROM promise_line WHERE promise = 'approvisionnement'
),
-- Supplies still planned in a version, and that the next one no longer says, or cancels.
dropped AS (
    SELECT
        v.declaration_no, v.version_no, s.supply_no, s.planned_on,
        ROW_NUMBER() OVER (PARTITION BY v.declaration_no, v.version_no ORDER BY s.planned_on, s.supply_no) AS rank
    FROM version AS v
    INNER JOIN supply AS s
        ON s.declaration_no = v.declaration_no AND s.version_no = v.previous_no AND s.state = 'prévu'
    LEFT JOIN supply AS n
        ON n.declaration_no = v.declaration_no AND n.version_no = v.version_no AND n.supply_no = s.supply_no
    WHERE n.supply_no IS NULL OR n.state = 'annulé'
),
added AS (
    SELECT
        s.declaration_no, s.version_no, s.supply_no,
        ROW_NUMBER() OVER (PARTITION BY s.declaration_no, s.version_no ORDER BY s.planned_on, s.supply_no) AS rank
    FROM supply AS s
    WHERE s.state = 'prévu' AND NOT EXISTS (
        SELECT 1 FROM supply AS e
        WHERE e.declaration_no = s.declaration_no AND e.supply_no = s.supply_no AND e.version_no < s.version_no
    )
),
replaced AS (
    SELECT
        a.declaration_no, a.version_no, a.supply_no, d.supply_no AS replaced_supply_no,
        d.planned_on AS replaced_planned_on
    FROM added AS a
    INNER JOIN dropped AS d
        ON d.declaration_no = a.declaration_no AND d.version_no = a.version_no AND d.rank = a.rank
),
chained AS (
    SELECT
        *,
        LAG(planned_on) OVER (PARTITION BY declaration_no, promise, supply_no ORDER BY version_no) AS same_planned_on,
        ROW_NUMBER() OVER (PARTITION BY declaration_no, promise, supply_no ORDER BY version_no DESC) = 1 AS is_latest,
        MIN(version_no) OVER (PARTITION BY declaration_no, promise) AS first_version_no
    FROM promise_line
),
told AS (
    SELECT
        c.*, r.replaced_supply_no, COALESCE(c.same_planned_on, r.replaced_planned_on) AS previous_planned_on,
        EXISTS (
            SELECT 1 FROM replaced AS l
            WHERE l.declaration_no = c.declaration_no AND l.replaced_supply_no = c.supply_no
                AND l.version_no >= c.version_no
                AND c.promise = 'approvisionnement'
        ) AS is_replaced
    FROM chained AS c
    LEFT JOIN replaced AS r
        ON r.declaration_no = c.declaration_no AND r.version_no = c.version_no AND r.supply_no = c.supply_no
            AND c.promise = 'approvisionnement'
)
SELECT
    t.declaration_no, t.promise, t.supply_no, t.version_no, t.stated_on, t.planned_on, t.boxes, t.state,
    t.previous_planned_on,
    date_diff('day', t.previous_planned_on, t.planned_on) AS slip_days, t.is_latest AND NOT t.is_replaced AS is_latest,
    CASE
        WHEN t.previous_planned_on IS NULL AND t.version_no = t.first_version_no THEN 'première'
        WHEN t.previous_planned_on IS NULL AND t.promise = 'approvisionnement' THEN 'supplément'
        WHEN t.previous_planned_on IS NULL THEN 'première'
        WHEN date_diff('day', t.previous_planned_on, t.planned_on) >= p.slip_days THEN 'report'
        WHEN date_diff('day', t.previous_planned_on, t.planned_on) <= -p.slip_days THEN 'avancée'
        ELSE 'inchangée'
    END AS nature,
    t.replaced_supply_no
FROM told AS t
CROSS JOIN parameter AS p
ORDER BY t.declaration_no, t.promise, t.supply_no, t.version_no
