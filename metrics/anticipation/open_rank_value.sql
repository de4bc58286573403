-- Que disent les données ouvertes de chaque DCI : liste publique, récurrence, vulnérabilité, impact ?
-- grain : DCI × indicateur du classement des données ouvertes
-- unité : points ; la valeur lue est dans l'unité de l'indicateur ; les boîtes par mois additionnent des boîtes de
--   tailles différentes
-- formule : la bande dont la borne basse est la plus haute sous la valeur donne les points
-- absence : la valeur n'est dans aucune source ouverte reçue ; le classement dit combien de points retenir alors,
--   marqués « inconnu »
-- source : BDPM (liste publique, référentiel, groupes génériques), diffusion publique, Medic'AM, Open Medic
-- règle : DCI commercialisées qui ont un MITM, une ligne en rupture, tension ou arrêt, ou une déclaration close rendue
--   publique ; une DCI jamais déclarée compte zéro si la diffusion est reçue
WITH box AS (
    SELECT
        p.dci_key, p.cip13, p.cis,
        MIN(CASE l.code WHEN '1' THEN 1 WHEN '3' THEN 2 WHEN '2' THEN 2 END) AS gravity
    FROM presentation AS p
    LEFT JOIN public_shortage AS l ON l.cis = p.cis AND COALESCE(l.cip13, p.cip13) = p.cip13 AND l.code <> '4'
    WHERE p.dci_key IS NOT NULL AND p.marketing_state = 'Déclaration de commercialisation'
    GROUP BY p.dci_key, p.cip13, p.cis
),
short AS (
    SELECT
        dci_key, exact_ratio(100 * COUNT(gravity), COUNT(*)) AS short_share,
        exact_ratio(100 * COUNT(CASE WHEN gravity = 1 THEN 1 END), COUNT(*)) AS rupture_share
    FROM box
    GROUP BY dci_key
),
spell AS (
    SELECT
        dci_key,
        MAX(CASE WHEN is_current AND code <> '4' THEN GREATEST(duration_days, 1) END) AS listed_days,
        COUNT(CASE WHEN is_current AND code <> '4' THEN 1 END) AS listed_lines,
        COUNT(CASE WHEN spell_no > 1 THEN 1 END) AS relapses
    FROM public_spell
    GROUP BY dci_key
),
declared AS (
    SELECT
        dci_key, COUNT(CASE WHEN NOT is_copy THEN 1 END) AS past_declarations, COUNT(DISTINCT year) AS past_years
    FROM past_declaration
    GROUP BY dci_key
),
received AS (
    SELECT
        EXISTS (SELECT 1 FROM public_photograph) AS has_list,
        EXISTS (SELECT 1 FROM past_declaration) AS has_release
),
subject_of AS (
    SELECT h.*
    FROM open_held AS h
    LEFT JOIN spell AS s ON s.dci_key = h.dci_key
    LEFT JOIN declared AS d ON d.dci_key = h.dci_key
    WHERE h.mitm > 0 OR s.listed_lines > 0 OR d.past_declarations > 0
),
reading AS (
    SELECT
        h.dci_key, v.indicator,
        CASE v.indicator
            WHEN 'short_share' THEN CASE WHEN r.has_list THEN b.short_share END
            WHEN 'rupture_share' THEN CASE WHEN r.has_list THEN b.rupture_share END
            WHEN 'listed_days' THEN
                CASE WHEN r.has_list AND COALESCE(s.listed_lines, 0) = 0 THEN 0 ELSE s.listed_days END
            WHEN 'relapses' THEN CASE WHEN r.has_list THEN COALESCE(s.relapses, 0) END
            WHEN 'past_declarations' THEN CASE WHEN r.has_release THEN COALESCE(d.past_declarations, 0) END
            WHEN 'past_years' THEN CASE WHEN r.has_release THEN COALESCE(d.past_years, 0) END
            WHEN 'laboratories' THEN h.laboratories
            WHEN 'substitutable_share' THEN h.substitutable_share
            WHEN 'monthly_boxes' THEN m.monthly_boxes
            WHEN 'mitm' THEN h.mitm
            WHEN 'alternatives' THEN c.alternatives
        END AS value
    FROM subject_of AS h
    CROSS JOIN received AS r
    CROSS JOIN open_rank_indicator AS v
    LEFT JOIN short AS b ON b.dci_key = h.dci_key
    LEFT JOIN spell AS s ON s.dci_key = h.dci_key
    LEFT JOIN declared AS d ON d.dci_key = h.dci_key
    LEFT JOIN open_class AS c ON c.dci_key = h.dci_key
    LEFT JOIN open_boxes AS m ON m.dci_key = h.dci_key
)
SELECT
    r.dci_key, r.indicator, i.component, i.order_no, i.title, i.unit, CAST(r.value AS DOUBLE) AS value,
    r.value IS NOT NULL AS is_known, COALESCE(b.label, 'inconnu') AS band_label,
    COALESCE(b.points, i.unknown_points) AS points, i.most_points
FROM reading AS r
INNER JOIN open_rank_indicator AS i ON i.indicator = r.indicator
LEFT JOIN open_rank_band AS b ON b.indicator = r.indicator AND r.value >= b.at_least AND r.value < b.below
ORDER BY r.dci_key, i.order_no
