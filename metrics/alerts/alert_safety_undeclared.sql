-- Quel stock est sous son dû sans qu'aucune déclaration ne soit ouverte ?
-- grain : spécialité soumise à un stock de sécurité × exploitant
-- unité : mois de ventes ; gravité = % du dû qui manque
-- formule : 100 × (1 − mois détenus ÷ mois dus), à la dernière mesure à jour ou estimée
-- absence : stock tenu, non calculable ou en retard, ou déclaration ouverte
-- source : TracStocks, listes, TrustMed
-- règle : croisement du stock de sécurité et des déclarations (IGAS 2025-002R, § 130 et 133)
SELECT
    s.cis || ':' || s.laboratory AS subject_key, s.denomination AS label, s.laboratory AS place,
    CAST(s.months AS DOUBLE) AS value, CAST(100 * (1 - s.months / s.duty_months) AS DOUBLE) AS gravity,
    s.measured_on AS day, ['non-declare', s.cis] AS targets, CAST(NULL AS VARCHAR) AS region
FROM safety_stock AS s
WHERE s.is_undeclared
ORDER BY subject_key
