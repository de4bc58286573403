-- Que disent les données de chaque DCI d'une liste : récurrence, vulnérabilité, impact ?
-- grain : liste × DCI × indicateur du classement
-- unité : points ; la valeur lue est dans l'unité de l'indicateur ; parts et boîtes par mois additionnent des boîtes de
--   tailles différentes
-- formule : chaque mesure porte sur les spécialités de la DCI qui partagent une voie avec une spécialité de la liste ;
--   la bande dont la borne basse est la plus haute sous la valeur donne les points
-- absence : la valeur n'est dans aucune source reçue ; le classement dit combien de points retenir alors, marqués «
--   inconnu »
-- source : TrustMed et diffusion publique (une source par année), TracStocks, états des lieux annuels, référentiel de
--   la BDPM, listes
-- règle : cibler la récurrence, la vulnérabilité de la chaîne et l'impact pour les patients (IGAS 2025-002R, § 313).
--   Les sites sont ceux des états des lieux annuels, inconnus quand ils décrivent trop peu des spécialités de la DCI.
-- seuils : legal_weeks, site_known_pct
WITH subject_of AS (
    SELECT DISTINCT list, dci_key FROM anticipation_member
),
reading AS (
    SELECT s.list, s.dci_key, 'declarations_24' AS indicator,
        CASE WHEN k.months_24 > 0 THEN COALESCE(d.declarations_24, 0) END AS value, k.months_24 AS known_months
    FROM subject_of AS s
    CROSS JOIN anticipation_known AS k
    LEFT JOIN anticipation_declared AS d ON d.list = s.list AND d.dci_key = s.dci_key
    UNION ALL
    SELECT s.list, s.dci_key, 'declarations_36', CASE WHEN k.months_36 > 0 THEN COALESCE(d.declarations_36, 0) END,
        k.months_36
    FROM subject_of AS s
    CROSS JOIN anticipation_known AS k
    LEFT JOIN anticipation_declared AS d ON d.list = s.list AND d.dci_key = s.dci_key
    UNION ALL
    SELECT list, dci_key, 'laboratories', laboratories, NULL FROM anticipation_held
    UNION ALL
    SELECT list, dci_key, 'route', route, NULL FROM anticipation_held
    UNION ALL
    SELECT s.list, s.dci_key, 'largest_share', m.largest_share, NULL
    FROM subject_of AS s
    LEFT JOIN anticipation_market AS m ON m.list = s.list AND m.dci_key = s.dci_key
    UNION ALL
    SELECT s.list, s.dci_key, 'sites', t.sites, NULL
    FROM subject_of AS s
    LEFT JOIN anticipation_sites AS t ON t.list = s.list AND t.dci_key = s.dci_key
    UNION ALL
    SELECT s.list, s.dci_key, 'outside_union', t.outside_union, NULL
    FROM subject_of AS s
    LEFT JOIN anticipation_sites AS t ON t.list = s.list AND t.dci_key = s.dci_key
    UNION ALL
    SELECT s.list, s.dci_key, 'monthly_boxes', m.monthly_boxes, NULL
    FROM subject_of AS s
    LEFT JOIN anticipation_market AS m ON m.list = s.list AND m.dci_key = s.dci_key
    UNION ALL
    SELECT s.list, s.dci_key, 'patients', t.patients, NULL
    FROM subject_of AS s
    LEFT JOIN anticipation_treated AS t ON t.list = s.list AND t.dci_key = s.dci_key
    UNION ALL
    SELECT s.list, s.dci_key, 'alternatives', r.alternatives, NULL
    FROM subject_of AS s
    LEFT JOIN anticipation_replaced AS r ON r.list = s.list AND r.dci_key = s.dci_key
)
SELECT
    r.list, r.dci_key, r.indicator, i.component, i.order_no, i.title, i.unit, CAST(r.value AS DOUBLE) AS value,
    r.value IS NOT NULL AS is_known, COALESCE(b.label, 'inconnu') AS band_label,
    COALESCE(b.points, i.unknown_points) AS points,
    i.most_points, r.known_months
FROM reading AS r
INNER JOIN anticipation_indicator AS i ON i.indicator = r.indicator
LEFT JOIN anticipation_band AS b ON b.indicator = r.indicator AND r.value >= b.at_least AND r.value < b.below
ORDER BY r.list, r.dci_key, i.order_no
