-- Quelles dates ont été promises, et de combien ont-elles glissé ?
-- grain : déclaration × promesse (retour, ou approvisionnement par son rang) × version qui l'énonce
-- unité : jours de décalage (positif : repoussée)
-- formule : décalage = date promise dans cette version − date promise auparavant. Un approvisionnement est suivi d'une
--   version à l'autre même si son rang change : même date et mêmes boîtes sous un autre rang ; ou rang qui prend la
--   place d'un approvisionnement prévu qui n'est plus énoncé, ou annulé, de mêmes boîtes ou de date proche (c'est alors
--   un report, pas une promesse de plus). Sinon c'est un approvisionnement supplémentaire. promise_no est commun à
--   toutes les énonciations d'une même promesse.
-- absence : première énonciation, ou version qui ne redit pas la promesse
-- source : TrustMed
-- règle : chaque promesse est gardée, même remplacée sans un mot (IGAS 2025-002R, § 162 et 172). Une date prévue qu'une
--   version suivante ne dit plus est une « date retirée » (withdrawn_on) : elle n'est ni en vigueur ni dépassée ; un
--   fichier sans feuille d'approvisionnements n'en retire aucun
-- seuils : slip_days, replaced_within_days
-- état : trustmed
WITH stated AS (
    SELECT
        l.*, COALESCE(c.promise_no, 0) AS promise_no, k.is_replacement, k.previous_supply_no,
        CASE
            WHEN l.promise = 'retour' THEN LAG(l.planned_on) OVER (
                PARTITION BY l.declaration_no, l.promise, l.supply_no ORDER BY l.version_no
            )
            ELSE b.planned_on
        END AS previous_planned_on,
        MIN(l.version_no) OVER (PARTITION BY l.declaration_no, l.promise) AS first_version_no
    FROM promise_line AS l
    LEFT JOIN supply_chain AS c
        ON l.promise = 'approvisionnement' AND c.declaration_no = l.declaration_no AND c.version_no = l.version_no
        AND c.supply_no = l.supply_no
    LEFT JOIN supply_link AS k
        ON l.promise = 'approvisionnement' AND k.declaration_no = l.declaration_no AND k.version_no = l.version_no
        AND k.supply_no = l.supply_no
    LEFT JOIN supply_line AS b
        ON b.declaration_no = k.declaration_no AND b.version_no = k.previous_no AND b.supply_no = k.previous_supply_no
),
ranked AS (
    -- In a version that cancels a supply for another, the other is the last word.
    SELECT
        s.*, w.withdrawn_on,
        ROW_NUMBER() OVER (
            PARTITION BY s.declaration_no, s.promise, s.promise_no
            ORDER BY s.version_no DESC, CASE s.state WHEN 'annulé' THEN 1 ELSE 0 END, s.supply_no DESC
        ) AS rank
    FROM stated AS s
    LEFT JOIN withdrawn_promise AS w
        ON w.declaration_no = s.declaration_no AND w.promise = s.promise AND w.supply_no = s.supply_no
        AND w.version_no = s.version_no
)
SELECT
    r.declaration_no, r.promise, r.supply_no, r.version_no, r.stated_on, r.planned_on, r.boxes, r.state,
    r.previous_planned_on, date_diff('day', r.previous_planned_on, r.planned_on) AS slip_days,
    r.rank = 1 AND r.withdrawn_on IS NULL AS is_latest,
    CASE
        WHEN r.previous_planned_on IS NULL AND r.version_no = r.first_version_no THEN 'première'
        WHEN r.previous_planned_on IS NULL AND r.promise = 'approvisionnement' THEN 'supplément'
        WHEN r.previous_planned_on IS NULL THEN 'première'
        WHEN date_diff('day', r.previous_planned_on, r.planned_on) >= p.slip_days THEN 'report'
        WHEN date_diff('day', r.previous_planned_on, r.planned_on) <= -p.slip_days THEN 'avancée'
        ELSE 'inchangée'
    END AS nature,
    CASE WHEN r.is_replacement THEN r.previous_supply_no END AS replaced_supply_no, r.promise_no,
    CASE WHEN r.rank = 1 THEN r.withdrawn_on END AS withdrawn_on
FROM ranked AS r
CROSS JOIN parameter AS p
ORDER BY r.declaration_no, r.promise, r.supply_no, r.version_no
