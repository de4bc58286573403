-- Quelle spécialité a manqué assez souvent pour qu'un stock de quatre mois se pose ?
-- grain : spécialité candidate
-- unité : mois avec une déclaration, sur les deux années civiles précédentes ; gravité = ces mois
-- formule : safety_candidate, à partir du nombre de mois du seuil
-- absence : spécialité moins déclarée, ou qui doit déjà quatre mois
-- source : TrustMed et diffusion publique, listes
-- règle : IGAS 2025-002R, § 271 et annexe 2, § 9
SELECT
    c.cis AS subject_key, c.denomination AS label, CAST(c.first_year AS VARCHAR) || ' et '
    || CAST(c.last_year AS VARCHAR) AS place,
    CAST(c.declared_months AS DOUBLE) AS value, CAST(c.declared_months AS DOUBLE) AS gravity,
    c.last_declared_on AS day, ['quatre-mois', c.cis] AS targets, CAST(NULL AS VARCHAR) AS region
FROM safety_candidate AS c
WHERE c.is_candidate
ORDER BY subject_key
