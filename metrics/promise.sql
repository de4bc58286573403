-- Quelles dates ont été promises, et de combien ont-elles glissé ?
-- grain : déclaration × promesse (retour, ou approvisionnement par son rang) × version qui l'énonce
-- unité : jours de décalage (positif : repoussée)
-- formule : décalage = date promise dans cette version − date promise dans la version précédente
-- absence : première énonciation, ou version qui ne redit pas la promesse
-- source : TrustMed
-- règle : chaque promesse est gardée, même remplacée sans un mot (IGAS 2025-002R, § 162 et 172)
-- seuils : slip_days, reminder_days
WITH chained AS (
    SELECT
        *,
        LAG(planned_on) OVER (PARTITION BY declaration_no, promise, supply_no ORDER BY version_no) AS previous_planned_on,
        ROW_NUMBER() OVER (PARTITION BY declaration_no, promise, supply_no ORDER BY version_no DESC) = 1 AS is_latest
    FROM promise_line
)
SELECT
    declaration_no, promise, supply_no, version_no, stated_on, planned_on, boxes, state, previous_planned_on,
    date_diff('day', previous_planned_on, planned_on) AS slip_days, is_latest
FROM chained
ORDER BY declaration_no, promise, supply_no, version_no
