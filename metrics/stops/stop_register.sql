-- Quels arrêts de commercialisation touchent un médicament qui compte, et qui devra reprendre la demande ?
-- grain : arrêt annoncé (numéro de dossier), dans le dernier état reçu
-- unité : % du marché, jours, boîtes
-- formule : part calculée = boîtes vendues de ce qui s'arrête ÷ boîtes vendues de la DCI, par les exploitants, sur 52
--   semaines (ventes de market_share, quel que soit le rythme des relevés), en boîtes de tailles différentes ; préavis
--   = jour d'arrêt − jour de la déclaration ; couverture des autres = leur stock ÷ leurs ventes, avant et après le
--   report
-- absence : part non déclarée, ou aucun relevé de ventes dans la DCI ; code inconnu du référentiel : rien n'est croisé
-- source : intentions d'arrêt, référentiel de la BDPM et listes, TracStocks, TrustMed
-- règle : est soumis à la direction médicale ce qu'aucune règle de data/reference/stop_rules.csv n'écarte (homéopathie,
--   phytothérapie, sans prescription, une présentation parmi d'autres, génériques, acide acétylsalicylique) et qui est
--   un MITM, ou tient au moins 30 % du marché, ou dont la part n'est pas connue ; le paracétamol l'est toujours (IGAS
--   2025-002R, § 293, 294 et 301). review_rule dit laquelle a joué : rien n'est retiré de la liste. Préavis d'un an dû
--   pour un MITM sans alternative (CSP L. 5124-6 et L. 5423-9, 2°) : « court » en dessous pour tout MITM, l'absence
--   d'alternative restant à juger. La part déclarée et la part calculée sont montrées côte à côte, jamais mêlées :
--   large_shares dit laquelle atteint la borne.
-- seuils : stop_notice_days, stop_share_pct, legal_weeks
-- état : arrets, tracstocks
WITH moved AS (
    SELECT
        stop_no, COUNT(*) AS others, COUNT(daily_boxes) AS others_reported,
        COUNT(DISTINCT laboratory) AS other_laboratories,
        MAX(load_daily_units) AS load_daily_units, MIN(unit_word) AS unit_word,
        SUM(daily_boxes * units_per_box) AS others_daily_units,
        SUM(CASE WHEN daily_boxes IS NOT NULL THEN stock_boxes * units_per_box END) AS others_stock_units,
        COUNT(CASE WHEN status_after = 'insatisfaisante' THEN 1 END) AS others_short,
        COUNT(CASE WHEN status_after <> status_before THEN 1 END) AS others_worse
    FROM stop_transfer
    GROUP BY stop_no
),
opened AS (
    SELECT dci_key, COUNT(*) AS open_declarations, COUNT(CASE WHEN kind = 'rupture' THEN 1 END) AS open_ruptures
    FROM declaration
    WHERE status = 'ouverte'
    GROUP BY dci_key
),
joined AS (
    SELECT
        i.stop_no, i.declared_on, i.laboratory, COALESCE(d.cis, i.cis) AS cis, i.cip13, i.stop_on, i.first_stop_on,
        i.announcements,
        i.reason, i.review, i.share_town_pct, i.share_hospital_pct, i.alternatives, d.presentations, d.denomination,
        CASE WHEN i.cip13 IS NOT NULL THEN d.presentation_label END AS presentation_label, d.dci, d.dci_key, d.atc,
        d.is_mitm, d.lists, d.is_known,
        date_diff('day', i.declared_on, i.stop_on) AS notice_days, date_diff('day', p.as_of, i.stop_on) AS days_left,
        d.sales_share_pct, d.year_boxes,
        COALESCE(m.others, 0) AS others, COALESCE(m.others_reported, 0) AS others_reported,
        COALESCE(m.other_laboratories, 0) AS other_laboratories, m.load_daily_units, m.others_daily_units, m.unit_word,
        m.others_stock_units,
        COALESCE(m.others_short, 0) AS others_short, COALESCE(m.others_worse, 0) AS others_worse,
        m.others_stock_units / NULLIF(m.others_daily_units, 0) AS others_before_days,
        m.others_stock_units / NULLIF(m.others_daily_units + m.load_daily_units, 0) AS others_after_days,
        COALESCE(o.open_declarations, 0) AS open_declarations, COALESCE(o.open_ruptures, 0) AS open_ruptures,
        d.other_stops,
        p.stop_share_pct,
        NULLIF(concat_ws(
            ', ',
            CASE WHEN i.share_town_pct >= p.stop_share_pct THEN 'écrite pour la ville' END,
            CASE WHEN i.share_hospital_pct >= p.stop_share_pct THEN 'écrite pour l''hôpital' END,
            CASE WHEN d.sales_share_pct >= p.stop_share_pct THEN 'calculée sur les ventes' END
        ), '') AS large_shares,
        COALESCE(i.share_town_pct, i.share_hospital_pct, d.sales_share_pct) IS NOT NULL AS has_share
    FROM stop_intention AS i
    CROSS JOIN parameter AS p
    INNER JOIN stop_reach AS d ON d.stop_no = i.stop_no
    LEFT JOIN moved AS m ON m.stop_no = i.stop_no
    LEFT JOIN opened AS o ON o.dci_key = d.dci_key
),
ruled AS (
    SELECT j.stop_no, MIN_BY(m.label, m.order_no) AS label, MIN_BY(m.effect, m.order_no) AS effect
    FROM joined AS j
    INNER JOIN stop_rule_met AS m ON m.stop_no = j.stop_no
    WHERE m.effect = 'soumis'
        OR ((m.over_mitm OR NOT j.is_mitm) AND (m.over_share OR j.large_shares IS NULL))
    GROUP BY j.stop_no
)
SELECT
    j.*, j.days_left <= 0 AS is_effective, j.is_mitm AND j.notice_days < p.stop_notice_days AS is_short_notice,
    CASE
        WHEN r.effect IS NOT NULL THEN r.effect = 'soumis'
        ELSE j.is_mitm OR NOT j.has_share OR j.large_shares IS NOT NULL
    END AS is_to_refer,
    CASE
        WHEN r.label IS NOT NULL THEN r.label
        WHEN j.is_mitm THEN 'MITM'
        WHEN NOT j.has_share THEN 'Part de marché inconnue'
        WHEN j.large_shares IS NOT NULL
            THEN 'Part de marché d''au moins ' || number_words(p.stop_share_pct) || ' % ('
                || j.large_shares || ')'
        ELSE 'Ni MITM, ni part de marché d''au moins ' || number_words(p.stop_share_pct) || ' %'
    END AS review_rule,
    folded(
        j.stop_no || ' ' || j.laboratory || ' ' || COALESCE(j.denomination, '') || ' ' || COALESCE(j.dci, '') || ' '
        || COALESCE(j.cis, '') || ' ' || COALESCE(j.cip13, '')
    ) AS search_text
FROM joined AS j
CROSS JOIN parameter AS p
LEFT JOIN ruled AS r ON r.stop_no = j.stop_no
ORDER BY j.stop_on, j.stop_no
