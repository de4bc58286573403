-- Quelle déclaration reste ouverte alors que le stock est revenu ?
-- grain : déclaration ouverte d'une présentation soumise à un stock de sécurité
-- unité : semaines de suite au dû ou au-dessus ; gravité = ces semaines
-- formule : safety_declaration, à partir du nombre de semaines du seuil
-- absence : stock sous son dû, non calculable, ou revenu depuis trop peu
-- source : TrustMed, TracStocks
-- règle : une remise à disposition appelle la clôture (IGAS 2025-002R, § 130 et 133)
SELECT
    d.declaration_no AS subject_key, s.denomination AS label, d.declaration_no AS place,
    CAST(d.held_weeks AS DOUBLE) AS value, CAST(d.held_weeks AS DOUBLE) AS gravity, d.held_since_week AS day,
    ['revenu', d.declaration_no] AS targets, CAST(NULL AS VARCHAR) AS region
FROM safety_declaration AS d
INNER JOIN speciality AS s ON s.cis = d.cis
WHERE d.is_back
ORDER BY subject_key
