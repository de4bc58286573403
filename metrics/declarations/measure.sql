-- Quelles mesures ont été prises, et que valait la couverture avant et après ?
-- grain : déclaration × mesure × début, dans la dernière version qui l'énonce ; ce qui n'a été que demandé ou prévu
--   disparaît quand une version suivante redit la mesure autrement
-- unité : jours de couverture (demande courante) ; % du volume pour un contingentement
-- formule : avant = dernière semaine finie avant le début ; après = semaine atteinte un nombre fixe de semaines plus
--   tard, ou la dernière connue tant qu'elle ne l'est pas. Couverture de la DCI chez les exploitants et chez les
--   grossistes-répartiteurs.
-- absence : mesure pas encore en place, ou début inconnu (pas d'avant ni d'après) ; couverture inconnue ces semaines-là
-- source : TrustMed ; TracStocks, PointStock
-- règle : un écart n'est pas un effet : livraisons, saison et reports de demande jouent aussi ; les semaines et le type
--   sont montrés. Une mesure « en place » dont le début n'est pas écrit est en vigueur ; dont le début est à venir,
--   elle ne l'est pas encore. Une mesure redite par une version suivante avec un autre début, ou suivie de « pas de
--   mesure », est remplacée : elle n'est plus en vigueur. Redite sans début, elle garde le sien
-- seuils : measure_after_weeks
WITH begun AS (
    SELECT
        * EXCLUDE (start_on),
        COALESCE(start_on, CASE WHEN state IN ('en place', 'terminée') THEN LAST_VALUE(
            CASE WHEN state IN ('en place', 'terminée') THEN start_on END IGNORE NULLS
        ) OVER (
            PARTITION BY declaration_no, measure ORDER BY version_no
            GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) END) AS start_on
    FROM declaration_measure
),
ended AS (
    SELECT declaration_no, MAX(version_no) AS version_no
    FROM measure_statement
    WHERE measure = 'pas de mesure'
    GROUP BY declaration_no
),
stated AS (
    SELECT
        b.*,
        ROW_NUMBER() OVER (PARTITION BY b.declaration_no, b.measure, b.start_on ORDER BY b.version_no DESC) AS rank,
        b.version_no < GREATEST(
            MAX(b.version_no) OVER (PARTITION BY b.declaration_no, b.measure), COALESCE(e.version_no, 0)
        ) AS is_replaced
    FROM begun AS b
    LEFT JOIN ended AS e ON e.declaration_no = b.declaration_no
),
taken AS (
    SELECT
        s.declaration_no, s.measure, s.state, s.start_on, s.end_on, s.town_pct, s.hospital_pct, s.detail, s.version_no,
        d.dci, d.dci_key, d.denomination, d.laboratory, d.kind, d.status,
        s.state IN ('en place', 'terminée') AND s.start_on <= p.as_of AS was_started, s.is_replaced,
        NOT s.is_replaced AND s.state = 'en place' AND d.status = 'ouverte' AND COALESCE(s.start_on <= p.as_of, TRUE)
        AND COALESCE(s.end_on >= p.as_of, TRUE) AS is_in_force,
        NOT s.is_replaced AND d.status = 'ouverte' AND s.state <> 'terminée'
        AND (s.state IN ('demandée', 'prévue') OR COALESCE(s.start_on > p.as_of, FALSE)) AS is_to_come,
        week_days(p.measure_after_weeks) AS around_days
    FROM stated AS s
    INNER JOIN declaration AS d ON d.declaration_no = s.declaration_no
    CROSS JOIN parameter AS p
    WHERE s.rank = 1
        AND (NOT s.is_replaced OR COALESCE(s.state IN ('en place', 'terminée') AND s.start_on <= p.as_of, FALSE))
),
reading AS (
    SELECT u.dci_key, c.link, c.week, c.week + 6 AS ended_on, c.coverage_current_days AS coverage_days
    FROM coverage_weekly AS c
    INNER JOIN subject AS u ON u.subject_id = c.subject_id AND u.kind = 'dci'
    WHERE c.link IN ('exploitants', 'grossistes') AND c.coverage_current_days IS NOT NULL
),
compared AS (
    SELECT
        t.declaration_no, t.measure, t.start_on, r.link,
        ARG_MAX(r.coverage_days, r.week) FILTER (WHERE r.ended_on < t.start_on) AS before_days,
        MAX(r.week) FILTER (WHERE r.ended_on < t.start_on) AS before_week,
        ARG_MAX(r.coverage_days, r.week)
            FILTER (WHERE r.week >= t.start_on AND r.ended_on <= t.start_on + t.around_days) AS after_days,
        MAX(r.week) FILTER (WHERE r.week >= t.start_on AND r.ended_on <= t.start_on + t.around_days) AS after_week
    FROM taken AS t
    INNER JOIN reading AS r ON r.dci_key = t.dci_key
    WHERE t.was_started
        AND r.ended_on >= t.start_on - t.around_days AND r.ended_on <= t.start_on + t.around_days
    GROUP BY t.declaration_no, t.measure, t.start_on, r.link
)
SELECT
    t.declaration_no, t.measure, t.state, t.start_on, t.end_on, t.town_pct, t.hospital_pct, t.detail, t.version_no,
    t.dci, t.dci_key, t.denomination, t.laboratory, t.kind, t.status, t.was_started, t.is_in_force, t.is_replaced,
    CASE WHEN t.is_in_force THEN 'en vigueur' WHEN t.is_to_come THEN 'à venir' ELSE 'terminée' END AS phase,
    e.before_days AS exploitants_before_days, e.after_days AS exploitants_after_days,
    g.before_days AS grossistes_before_days, g.after_days AS grossistes_after_days,
    COALESCE(g.before_week, e.before_week) AS before_week, COALESCE(g.after_week, e.after_week) AS after_week
FROM taken AS t
LEFT JOIN compared AS e
    ON e.declaration_no = t.declaration_no AND e.measure = t.measure AND e.start_on = t.start_on
    AND e.link = 'exploitants'
LEFT JOIN compared AS g
    ON g.declaration_no = t.declaration_no AND g.measure = t.measure AND g.start_on = t.start_on
    AND g.link = 'grossistes'
ORDER BY t.is_in_force DESC, t.start_on DESC NULLS LAST, t.declaration_no, t.measure
