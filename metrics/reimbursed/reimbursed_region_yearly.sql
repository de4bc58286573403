-- Où rembourse-t-on le plus un médicament, à population égale ?
-- grain : sujet (groupe suivi ou DCI) × année × région de résidence du bénéficiaire
-- unité : boîtes remboursées par an, boîtes pour 100 000 habitants
-- formule : boîtes ÷ habitants × 100 000 ; rapport = taux de la région ÷ taux des régions dont la population est
--   connue
-- absence : taux : population inconnue (outre-mer, réuni en une région dont celle de Mayotte manque au référentiel)
--   ou région inconnue
-- source : Open Medic (Assurance maladie), populations INSEE du référentiel géographique, référentiel public (BDPM)
-- règle : une même population pour toutes les années. La Corse est comptée avec Provence-Alpes-Côte d'Azur les années
--   où le fichier ne la distingue pas. Sans correction de l'âge : une région âgée consomme plus
-- état : openmedic
WITH summed AS (
    SELECT
        s.subject_id, b.year, b.region, SUM(b.boxes) AS boxes, SUM(b.reimbursed_eur) AS reimbursed_eur
    FROM subject_presentation AS s
    INNER JOIN openmedic_box AS b ON b.cip13 = s.cip13
    GROUP BY s.subject_id, b.year, b.region
),
placed AS (
    SELECT
        k.subject_id, r.year, r.region, r.region_name, r.inhabitants, COALESCE(s.boxes, 0) AS boxes,
        COALESCE(s.reimbursed_eur, 0) AS reimbursed_eur
    FROM (SELECT DISTINCT subject_id, year FROM summed) AS k
    INNER JOIN openmedic_region AS r ON r.year = k.year
    LEFT JOIN summed AS s ON s.subject_id = k.subject_id AND s.year = r.year AND s.region = r.region
    WHERE s.boxes IS NOT NULL OR r.inhabitants IS NOT NULL
),
rated AS (
    SELECT
        *, exact_ratio(100000 * boxes, inhabitants) AS per_100k,
        exact_ratio(
            100000 * SUM(CASE WHEN inhabitants IS NOT NULL THEN boxes END) OVER same, SUM(inhabitants) OVER same
        ) AS national_per_100k
    FROM placed
    WINDOW same AS (PARTITION BY subject_id, year)
)
SELECT
    subject_id, year, region, region_name, boxes, reimbursed_eur, inhabitants,
    ROUND(per_100k, 1) AS boxes_per_100k, ROUND(national_per_100k, 1) AS national_per_100k,
    ROUND(exact_ratio(100 * per_100k, national_per_100k), 1) AS ratio_pct
FROM rated
ORDER BY subject_id, year, region
