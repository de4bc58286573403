-- Que dit l'état des lieux de chaque spécialité : combien de sites, lesquels sont uniques, MITM ou non ?
-- grain : spécialité d'un état des lieux en vigueur
-- unité : nombre de sites
-- formule : étapes d'un seul site ; étapes de production (substance active, fabrication, conditionnement) dont tous les
--   sites sont hors de l'Union ; statut MITM dit par le laboratoire comparé à celui de la liste publique
-- absence : statut non renseigné ; spécialité absente du référentiel ; aucune étape dans ce cas
-- source : états des lieux annuels des laboratoires, référentiel public (BDPM), listes, TrustMed
-- règle : la liste publique fait foi, l'état des lieux n'y ajoute ni n'en retire personne : « dit MITM, absent de la
--   liste » et « sur la liste, dit non MITM » se signalent au laboratoire. Une étape dont un site a un pays inconnu
--   n'est pas dite hors de l'Union.
-- état : edl, trustmed
WITH step_of AS (
    SELECT
        cis, step, COUNT(DISTINCT site_key) AS sites, MIN(site_name) AS one_site,
        COUNT(CASE WHEN place = 'hors_union' THEN 1 END) = COUNT(*) AS is_outside_union
    FROM site_step
    GROUP BY cis, step
),
counted AS (
    SELECT
        p.cis, STRING_AGG(CASE WHEN p.sites = 1 THEN p.step END, ', ' ORDER BY p.step) AS single_steps,
        COUNT(CASE WHEN p.sites = 1 AND m.step IS NOT NULL THEN 1 END) AS single_making_steps,
        STRING_AGG(CASE WHEN p.is_outside_union AND m.step IS NOT NULL THEN p.step END, ', ' ORDER BY p.step)
            AS outside_steps,
        COUNT(*) AS steps
    FROM step_of AS p
    LEFT JOIN making_step AS m ON m.step = p.step
    GROUP BY p.cis
),
stated AS (
    SELECT
        cis, MIN(laboratory) AS laboratory, MAX(year) AS year, MIN(label) AS label,
        COUNT(DISTINCT site_key) AS sites, MAX(said_mitm) AS said_mitm
    FROM named_site
    GROUP BY cis
),
listed AS (
    SELECT cis, STRING_AGG(list, ', ' ORDER BY list) AS lists FROM speciality_list GROUP BY cis
),
opened AS (
    SELECT
        cis, COUNT(*) AS open_declarations, STRING_AGG(declaration_no, ', ' ORDER BY declaration_no) AS declaration_nos
    FROM declaration
    WHERE status = 'ouverte' AND cis IS NOT NULL
    GROUP BY cis
)
SELECT
    t.cis, COALESCE(s.denomination, t.label) AS denomination, s.dci, s.dci_key, t.laboratory, t.year, t.sites, c.steps,
    c.single_steps, c.single_making_steps, c.outside_steps, t.said_mitm, COALESCE(s.is_mitm, FALSE) AS is_mitm,
    s.cis IS NOT NULL AS is_in_bdpm, COALESCE(s.marketing_state = 'Commercialisée', FALSE) AS is_marketed,
    CASE
        WHEN t.said_mitm = 'oui' AND NOT COALESCE(s.is_mitm, FALSE) THEN 'dit_absent'
        WHEN t.said_mitm = 'non' AND s.is_mitm THEN 'non_dit'
    END AS mitm_gap,
    l.lists, COALESCE(o.open_declarations, 0) AS open_declarations, o.declaration_nos
FROM stated AS t
INNER JOIN counted AS c ON c.cis = t.cis
LEFT JOIN speciality AS s ON s.cis = t.cis
LEFT JOIN listed AS l ON l.cis = t.cis
LEFT JOIN opened AS o ON o.cis = t.cis
ORDER BY t.cis
