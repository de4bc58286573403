-- Quand les laboratoires annoncent-ils la fin, et combien de fois l'ont-ils repoussée ?
-- grain : sujet (groupe suivi ou DCI) ayant au moins une déclaration ouverte
-- unité : dates, déclarations, reports
-- formule : dates de retour en vigueur des déclarations ouvertes sur les présentations du sujet : la plus proche, la
--   plus lointaine, celles déjà passées ; reports de ces déclarations, toutes versions
-- absence : aucune date de retour en vigueur (jamais promise, ou retirée)
-- source : TrustMed
-- règle : une déclaration sans date est comptée à part ; la fin du dernier retour n'est pas celle de la tension
-- état : trustmed
WITH opened AS (
    SELECT s.subject_id, d.declaration_no
    FROM declaration AS d
    INNER JOIN subject_presentation AS s ON s.cip13 = d.cip13
    WHERE d.status = 'ouverte'
),
promised AS (
    SELECT
        declaration_no, MAX(CASE WHEN is_latest THEN planned_on END) AS planned_on,
        COUNT(CASE WHEN nature = 'report' THEN 1 END) AS postponed
    FROM promise
    WHERE promise = 'retour'
    GROUP BY declaration_no
)
SELECT
    o.subject_id, COUNT(*) AS open_declarations, COUNT(t.planned_on) AS dated,
    COUNT(CASE WHEN t.planned_on < p.as_of THEN 1 END) AS passed, MIN(t.planned_on) AS earliest_on,
    MAX(t.planned_on) AS latest_on, CAST(COALESCE(SUM(t.postponed), 0) AS BIGINT) AS postponed,
    COUNT(CASE WHEN t.postponed > 0 THEN 1 END) AS postponed_declarations
FROM opened AS o
CROSS JOIN parameter AS p
LEFT JOIN promised AS t ON t.declaration_no = o.declaration_no
GROUP BY o.subject_id
ORDER BY o.subject_id
