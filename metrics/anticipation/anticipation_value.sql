-- Que disent les données de chaque DCI d'une liste : récurrence, vulnérabilité, impact ?
-- grain : liste × DCI × indicateur du classement
-- unité : points ; la valeur lue est dans l'unité de l'indicateur
-- formule : chaque mesure porte sur les spécialités de la DCI qui partagent une voie avec une spécialité de la liste ; la bande dont la borne
--   basse est la plus haute sous la valeur donne les points
-- absence : la valeur n'est dans aucune source reçue ; le classement dit combien de points retenir alors, marqués « inconnu »
-- source : TrustMed et diffusion publique (une source par année), TracStocks, référentiel de la BDPM, listes
-- règle : cibler la récurrence, la vulnérabilité de la chaîne et l'impact pour les patients (IGAS 2025-002R, § 313). Le nombre de sites de
--   production n'est pas connu : les états des lieux annuels ne sont pas reçus, la concentration des ventes en tient lieu.
-- seuils : legal_weeks
WITH member AS (
    SELECT
        m.list, m.dci_key, m.cis, s.holder, SUBSTR(s.atc, 1, 5) AS atc_class, s.marketing_state = 'Commercialisée' AS is_marketed,
        m.form_kind IN ('injectable', 'orale liquide', 'orale facile à avaler') OR list_contains(m.routes, 'rectale') AS is_needed_route
    FROM anticipation_member AS m
    INNER JOIN speciality AS s ON s.cis = m.cis
),
subject_of AS (
    SELECT DISTINCT list, dci_key FROM member
),
known AS (
    SELECT
        COUNT(DISTINCT CASE WHEN c.month > date_trunc('month', p.as_of) - INTERVAL 24 MONTH THEN c.month END) AS months_24,
        COUNT(DISTINCT CASE WHEN c.month > date_trunc('month', p.as_of) - INTERVAL 36 MONTH THEN c.month END) AS months_36
    FROM monthly_calendar AS c
    CROSS JOIN parameter AS p
),
declared AS (
    SELECT m.list, m.dci_key,
        COUNT(CASE WHEN d.declared_on > p.as_of - INTERVAL 24 MONTH THEN 1 END) AS declarations_24,
        COUNT(*) AS declarations_36
    FROM monthly_line AS d
    INNER JOIN monthly_year AS y ON y.year = EXTRACT(YEAR FROM d.declared_on) AND y.source_key = d.source_key
    INNER JOIN member AS m ON m.cis = d.speciality_key
    CROSS JOIN parameter AS p
    WHERE NOT d.is_copy AND d.declared_on <= p.as_of AND d.declared_on > p.as_of - INTERVAL 36 MONTH
    GROUP BY m.list, m.dci_key
),
held AS (
    SELECT
        list, dci_key, COUNT(DISTINCT CASE WHEN is_marketed THEN holder END) AS laboratories,
        COUNT(DISTINCT CASE WHEN is_marketed AND is_needed_route THEN cis END) AS route
    FROM member
    GROUP BY list, dci_key
),
sold AS (
    SELECT m.list, m.dci_key, r.participant, SUM(r.sales_boxes) AS boxes
    FROM stock_reading AS r
    INNER JOIN presentation AS b ON b.cip13 = r.cip13
    INNER JOIN member AS m ON m.cis = b.cis
    CROSS JOIN parameter AS p
    WHERE r.link = 'exploitants'
        AND r.week > (SELECT MAX(week) FROM link_week WHERE link = 'exploitants') - CAST(7 * p.legal_weeks AS INTEGER)
    GROUP BY m.list, m.dci_key, r.participant
),
weeks AS (
    SELECT COUNT(DISTINCT w.week) AS weeks
    FROM link_week AS w
    CROSS JOIN parameter AS p
    WHERE w.link = 'exploitants'
        AND w.week > (SELECT MAX(week) FROM link_week WHERE link = 'exploitants') - CAST(7 * p.legal_weeks AS INTEGER)
),
market AS (
    SELECT
        s.list, s.dci_key, 100 * MAX(s.boxes) / NULLIF(SUM(s.boxes), 0) AS largest_share,
        SUM(s.boxes) / MAX(w.weeks) * 365.25 / 84 AS monthly_boxes
    FROM sold AS s
    CROSS JOIN weeks AS w
    GROUP BY s.list, s.dci_key
),
treated AS (
    SELECT m.list, m.dci_key, MAX(h.town_patients) AS patients
    FROM history_declaration AS h
    INNER JOIN member AS m ON m.cis = h.cis
    GROUP BY m.list, m.dci_key
),
class_dci AS (
    SELECT DISTINCT SUBSTR(atc, 1, 5) AS atc_class, dci_key
    FROM speciality
    WHERE LENGTH(atc) >= 5 AND dci_key IS NOT NULL AND marketing_state = 'Commercialisée'
),
replaced AS (
    SELECT m.list, m.dci_key, COUNT(DISTINCT CASE WHEN c.dci_key <> m.dci_key THEN c.dci_key END) AS alternatives
    FROM member AS m
    LEFT JOIN class_dci AS c ON c.atc_class = m.atc_class
    WHERE LENGTH(m.atc_class) = 5
    GROUP BY m.list, m.dci_key
),
reading AS (
    SELECT s.list, s.dci_key, 'declarations_24' AS indicator,
        CASE WHEN k.months_24 > 0 THEN COALESCE(d.declarations_24, 0) END AS value, k.months_24 AS known_months
    FROM subject_of AS s
    CROSS JOIN known AS k
    LEFT JOIN declared AS d ON d.list = s.list AND d.dci_key = s.dci_key
    UNION ALL
    SELECT s.list, s.dci_key, 'declarations_36', CASE WHEN k.months_36 > 0 THEN COALESCE(d.declarations_36, 0) END, k.months_36
    FROM subject_of AS s
    CROSS JOIN known AS k
    LEFT JOIN declared AS d ON d.list = s.list AND d.dci_key = s.dci_key
    UNION ALL
    SELECT list, dci_key, 'laboratories', laboratories, NULL FROM held
    UNION ALL
    SELECT list, dci_key, 'route', route, NULL FROM held
    UNION ALL
    SELECT s.list, s.dci_key, 'largest_share', m.largest_share, NULL
    FROM subject_of AS s
    LEFT JOIN market AS m ON m.list = s.list AND m.dci_key = s.dci_key
    UNION ALL
    SELECT s.list, s.dci_key, 'monthly_boxes', m.monthly_boxes, NULL
    FROM subject_of AS s
    LEFT JOIN market AS m ON m.list = s.list AND m.dci_key = s.dci_key
    UNION ALL
    SELECT s.list, s.dci_key, 'patients', t.patients, NULL
    FROM subject_of AS s
    LEFT JOIN treated AS t ON t.list = s.list AND t.dci_key = s.dci_key
    UNION ALL
    SELECT s.list, s.dci_key, 'alternatives', r.alternatives, NULL
    FROM subject_of AS s
    LEFT JOIN replaced AS r ON r.list = s.list AND r.dci_key = s.dci_key
)
SELECT
    r.list, r.dci_key, r.indicator, i.component, i.order_no, i.title, i.unit, CAST(r.value AS DOUBLE) AS value,
    r.value IS NOT NULL AS is_known, COALESCE(b.label, 'inconnu') AS band_label, COALESCE(b.points, i.unknown_points) AS points,
    i.most_points, r.known_months
FROM reading AS r
INNER JOIN anticipation_indicator AS i ON i.indicator = r.indicator
LEFT JOIN anticipation_band AS b ON b.indicator = r.indicator AND r.value >= b.at_least AND r.value < b.below
ORDER BY r.list, r.dci_key, i.order_no
