-- Dans une liste, quelles DCI regarder avant qu'elles ne manquent ?
-- grain : liste × DCI ayant au moins une spécialité sur la liste
-- unité : de 0 à 100
-- formule : chaque composante = points obtenus ÷ points possibles × 100 ; score = moyenne des trois composantes,
--   pondérée par les poids du classement ; rang dans la liste, les ex æquo partageant le leur
-- absence : aucune, une valeur inconnue reçoit les points que le classement prévoit et « inconnus » les compte
-- source : TrustMed et diffusion publique, TracStocks, états des lieux annuels, référentiel de la BDPM, listes
-- règle : prioriser à l'intérieur d'une liste trop longue (IGAS 2025-002R, § 309 à 313) ; poids, points et bornes à
--   valider. Les sites écrits dans les déclarations sont montrés sans être comptés : ils ne disent rien des spécialités
--   jamais déclarées.
-- état : trustmed, tracstocks, edl
WITH scored AS (
    SELECT
        v.list, v.dci_key, v.component, c.weight, 100.0 * SUM(v.points) / SUM(v.most_points) AS component_score,
        COUNT(CASE WHEN NOT v.is_known THEN 1 END) AS unknown_values
    FROM anticipation_value AS v
    INNER JOIN anticipation_component AS c ON c.component = v.component
    GROUP BY v.list, v.dci_key, v.component, c.weight
),
total AS (
    SELECT
        list, dci_key,
        MAX(CASE component WHEN 'recurrence' THEN component_score END) AS recurrence_score,
        MAX(CASE component WHEN 'vulnerabilite' THEN component_score END) AS vulnerability_score,
        MAX(CASE component WHEN 'impact' THEN component_score END) AS impact_score,
        ROUND(SUM(weight * component_score) / SUM(weight), 6) AS score, SUM(unknown_values) AS unknown_values
    FROM scored
    GROUP BY list, dci_key
),
indicator_value AS (
    SELECT
        list, dci_key,
        MAX(CASE indicator WHEN 'declarations_24' THEN value END) AS declarations_24,
        MAX(CASE indicator WHEN 'declarations_36' THEN value END) AS declarations_36,
        MAX(known_months) AS known_months_36,
        MAX(CASE indicator WHEN 'laboratories' THEN value END) AS laboratories,
        MAX(CASE indicator WHEN 'largest_share' THEN value END) AS largest_share_pct,
        MAX(CASE indicator WHEN 'sites' THEN value END) AS narrowest_sites,
        MAX(CASE indicator WHEN 'outside_union' THEN value END) AS outside_union_pct,
        MAX(CASE indicator WHEN 'monthly_boxes' THEN value END) AS monthly_boxes,
        MAX(CASE indicator WHEN 'patients' THEN value END) AS patients,
        MAX(CASE indicator WHEN 'alternatives' THEN value END) AS alternatives,
        MAX(CASE indicator WHEN 'route' THEN value END) AS needed_route_specialities
    FROM anticipation_value
    GROUP BY list, dci_key
),
listed AS (
    SELECT l.list, s.dci_key, COUNT(DISTINCT s.cis) AS specialities
    FROM speciality_list AS l
    INNER JOIN speciality AS s ON s.cis = l.cis
    WHERE s.dci_key IS NOT NULL
    GROUP BY l.list, s.dci_key
),
site_name AS (
    -- A line, a bullet, a semicolon or a spaced slash begins another site; a comma may stand inside its address.
    SELECT
        m.list AS list, m.dci_key AS dci_key,
        folded(TRIM(UNNEST(string_split_regex(v.sites, '[\r\n;•‣▪◦●∙·]+|\s/\s')), ' ,.-–—*' || chr(9) || chr(160)))
            AS site
    FROM declaration_version AS v
    INNER JOIN presentation AS b ON b.cip13 = v.cip13
    INNER JOIN anticipation_member AS m ON m.cis = b.cis
    WHERE v.sites IS NOT NULL
),
site AS (
    SELECT
        list, dci_key, COUNT(DISTINCT site) AS sites_cited,
        COUNT(DISTINCT CASE WHEN site LIKE '%hors ue%' THEN site END) AS sites_outside_union
    FROM site_name
    WHERE site <> ''
    GROUP BY list, dci_key
),
name AS (
    SELECT dci_key, MIN(dci) AS dci FROM speciality WHERE dci_key IS NOT NULL GROUP BY dci_key
)
SELECT
    t.list, t.dci_key, n.dci, CAST(RANK() OVER (PARTITION BY t.list ORDER BY t.score DESC) AS INTEGER) AS place,
    t.score,
    t.recurrence_score, t.vulnerability_score, t.impact_score, t.unknown_values, l.specialities, v.declarations_24,
    v.declarations_36, v.known_months_36, v.laboratories, v.largest_share_pct, v.narrowest_sites,
    v.outside_union_pct, v.monthly_boxes, v.patients,
    v.alternatives,
    v.needed_route_specialities, COALESCE(e.sites_cited, 0) AS sites_cited,
    COALESCE(e.sites_outside_union, 0) AS sites_outside_union,
    folded(n.dci) AS search_text
FROM total AS t
INNER JOIN indicator_value AS v ON v.list = t.list AND v.dci_key = t.dci_key
INNER JOIN listed AS l ON l.list = t.list AND l.dci_key = t.dci_key
INNER JOIN name AS n ON n.dci_key = t.dci_key
LEFT JOIN site AS e ON e.list = t.list AND e.dci_key = t.dci_key
ORDER BY t.list, place, n.dci
