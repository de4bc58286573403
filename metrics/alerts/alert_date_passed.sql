-- Quelle date promise est passée sans que rien ne l'ait confirmée ?
-- grain : promesse en vigueur (retour ou approvisionnement) d'une déclaration ouverte, passée
-- unité : jours depuis la date promise
-- formule : jour de l'instantané − date promise
-- absence : date confirmée, ou passée depuis plus longtemps que la durée de la règle : le dossier se relance alors
--   comme dormant
-- source : TrustMed
-- règle : relance après une date promise que rien n'a confirmée (IGAS 2025-002R, § 172)
SELECT
    r.declaration_no || ':' || r.promise || ':' || COALESCE(CAST(r.supply_no AS VARCHAR), '') || ':'
    || CAST(r.planned_on AS VARCHAR) AS subject_key,
    COALESCE(r.denomination, r.dci, r.declaration_no) AS label, r.promise AS place,
    CAST(-r.days_left AS DOUBLE) AS value,
    CAST(-r.days_left AS DOUBLE) AS gravity, r.planned_on AS day, [r.declaration_no] AS targets,
    CAST(NULL AS VARCHAR) AS region
FROM reminder AS r
INNER JOIN alert_rule AS a ON a.rule = 'date_passed'
WHERE r.days_left < 0 AND -r.days_left <= a.window_days
ORDER BY subject_key
