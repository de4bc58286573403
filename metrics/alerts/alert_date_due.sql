-- Quelle date promise arrive à échéance et reste à confirmer ?
-- grain : promesse en vigueur (retour ou approvisionnement) d'une déclaration ouverte, à rappeler
-- unité : jours avant la date promise ; gravité en jours depuis elle (négatifs avant)
-- formule : gravité = jour de l'instantané − date promise
-- absence : aucune date à rappeler
-- source : TrustMed
-- règle : rappel 48 heures avant la date promise (IGAS 2025-002R, § 172)
SELECT
    r.declaration_no || ':' || r.promise || ':' || COALESCE(CAST(r.supply_no AS VARCHAR), '') || ':'
    || CAST(r.planned_on AS VARCHAR) AS subject_key,
    COALESCE(r.denomination, r.dci, r.declaration_no) AS label, r.promise AS place,
    CAST(r.days_left AS DOUBLE) AS value,
    CAST(-r.days_left AS DOUBLE) AS gravity, r.planned_on AS day, [r.declaration_no] AS targets,
    CAST(NULL AS VARCHAR) AS region
FROM reminder AS r
WHERE r.days_left >= 0
ORDER BY subject_key
