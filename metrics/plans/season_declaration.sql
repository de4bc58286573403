-- Combien de ruptures et de risques de rupture ont été déclarés pendant la saison, et combien de temps ont-ils duré ?
-- grain : plan × saison × nature × groupe suivi ; une ligne sans groupe pour le plan entier
-- unité : déclarations, jours
-- formule : déclarations des présentations des groupes, dans leur dernière version, ouvertes un jour au moins de la
--   saison. Déclarées = première version dans la saison ; closes = clôture dans la saison ; encore ouvertes = ni closes
--   au dernier jour compté. Durée = de la première version à la clôture, ou au dernier jour compté ; médiane
-- absence : aucune déclaration ouverte dans la saison : pas de ligne
-- source : TrustMed
-- règle : les deux natures ne s'additionnent pas ; une déclaration qui suit deux groupes compte une fois dans le plan.
--   La durée d'une déclaration encore ouverte est celle du dernier jour compté, pas celle qu'elle aura
-- état : trustmed
WITH open_then AS (
    SELECT DISTINCT
        s.plan, s.season, g.group_id, d.declaration_no, d.kind,
        d.declared_on >= s.starts_on AS is_new,
        COALESCE(d.closed_on <= s.through_on, FALSE) AS is_closed,
        date_diff('day', d.declared_on, COALESCE(LEAST(d.closed_on, s.through_on), s.through_on)) AS lasted_days
    FROM plan_season AS s
    INNER JOIN tracked_group AS g ON g.plan = s.plan
    INNER JOIN group_presentation AS b ON b.group_id = g.group_id
    INNER JOIN declaration AS d
        ON d.cip13 = b.cip13 AND d.declared_on <= s.through_on
        AND COALESCE(d.closed_on >= s.starts_on, TRUE)
),
counted AS (
    SELECT plan, season, kind, group_id, declaration_no, is_new, is_closed, lasted_days FROM open_then
    UNION ALL
    SELECT DISTINCT
        plan, season, kind, CAST(NULL AS VARCHAR) AS group_id, declaration_no, is_new, is_closed, lasted_days
    FROM open_then
)
SELECT
    plan, season, kind, group_id, COUNT(*) AS declarations, COUNT(CASE WHEN is_new THEN 1 END) AS opened,
    COUNT(CASE WHEN is_closed THEN 1 END) AS closed, COUNT(CASE WHEN NOT is_closed THEN 1 END) AS still_open,
    CAST(MEDIAN(lasted_days) AS DOUBLE) AS median_days
FROM counted
GROUP BY plan, season, kind, group_id
ORDER BY plan, season, kind, group_id NULLS FIRST
