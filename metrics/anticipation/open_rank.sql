-- Avec les seules données ouvertes, quelles DCI regarder d'abord ?
-- grain : DCI commercialisée qui a un MITM, une ligne en rupture, tension ou arrêt, ou une déclaration close publique
-- unité : de 0 à 100
-- formule : chaque composante = points obtenus ÷ points possibles × 100 ; score = moyenne des quatre composantes,
--   pondérée par les poids du classement ; rang, les ex æquo partageant le leur
-- absence : aucune, une valeur inconnue reçoit les points que le classement prévoit et « inconnus » les compte
-- source : BDPM (liste publique, référentiel, groupes génériques), diffusion publique, Medic'AM, Open Medic
-- règle : prioriser une liste trop longue (IGAS 2025-002R, § 309 à 313) ; poids, points et bornes à valider. Ni stocks,
--   ni ventes des exploitants, ni déclarations en cours : le rang ne dit pas qu'une DCI manque aujourd'hui
-- état : bdpm, historique
WITH scored AS (
    SELECT
        v.dci_key, v.component, c.weight, 100.0 * SUM(v.points) / SUM(v.most_points) AS component_score,
        COUNT(CASE WHEN NOT v.is_known THEN 1 END) AS unknown_values
    FROM open_rank_value AS v
    INNER JOIN open_rank_component AS c ON c.component = v.component
    GROUP BY v.dci_key, v.component, c.weight
),
total AS (
    SELECT
        dci_key,
        MAX(CASE component WHEN 'presence' THEN component_score END) AS presence_score,
        MAX(CASE component WHEN 'recurrence' THEN component_score END) AS recurrence_score,
        MAX(CASE component WHEN 'vulnerabilite' THEN component_score END) AS vulnerability_score,
        MAX(CASE component WHEN 'impact' THEN component_score END) AS impact_score,
        ROUND(SUM(weight * component_score) / SUM(weight), 6) AS score, SUM(unknown_values) AS unknown_values
    FROM scored
    GROUP BY dci_key
),
read AS (
    SELECT
        dci_key,
        MAX(CASE indicator WHEN 'short_share' THEN value END) AS short_share_pct,
        MAX(CASE indicator WHEN 'rupture_share' THEN value END) AS rupture_share_pct,
        MAX(CASE indicator WHEN 'listed_days' THEN value END) AS listed_days,
        MAX(CASE indicator WHEN 'relapses' THEN value END) AS relapses,
        MAX(CASE indicator WHEN 'past_declarations' THEN value END) AS past_declarations,
        MAX(CASE indicator WHEN 'past_years' THEN value END) AS past_years,
        MAX(CASE indicator WHEN 'laboratories' THEN value END) AS laboratories,
        MAX(CASE indicator WHEN 'substitutable_share' THEN value END) AS substitutable_share_pct,
        MAX(CASE indicator WHEN 'monthly_boxes' THEN value END) AS monthly_boxes,
        MAX(CASE indicator WHEN 'mitm' THEN value END) AS mitm_specialities,
        MAX(CASE indicator WHEN 'alternatives' THEN value END) AS alternatives
    FROM open_rank_value
    GROUP BY dci_key
),
name AS (
    SELECT dci_key, MIN(dci) AS dci FROM speciality WHERE dci_key IS NOT NULL GROUP BY dci_key
)
SELECT
    t.dci_key, n.dci, CAST(RANK() OVER (ORDER BY t.score DESC) AS INTEGER) AS place, t.score, t.presence_score,
    t.recurrence_score, t.vulnerability_score, t.impact_score, t.unknown_values,
    EXISTS (
        SELECT 1 FROM public_spell AS s WHERE s.dci_key = t.dci_key AND s.is_current AND s.code <> '4'
    ) AS is_listed,
    r.short_share_pct, r.rupture_share_pct, r.listed_days, r.relapses, r.past_declarations, r.past_years,
    r.laboratories, r.substitutable_share_pct, r.monthly_boxes, r.mitm_specialities, r.alternatives,
    folded(n.dci) AS search_text
FROM total AS t
INNER JOIN read AS r ON r.dci_key = t.dci_key
INNER JOIN name AS n ON n.dci_key = t.dci_key
ORDER BY place, n.dci
