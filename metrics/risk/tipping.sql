-- De petites déclarations, additionnées, laissent-elles un besoin non couvert ?
-- grain : DCI × circuit (ville, hôpital), DCI ayant au moins une déclaration ouverte
-- unité : % de la demande du circuit
-- formule : part sous déclaration : parts écrites, additionnées (« declared_share »). Les présentations qui ne sont pas
--   déclarées, tous laboratoires, ceux qui déclarent compris, absorbent leur stock au-delà de 30 jours de leur propre
--   demande courante (ventes des 4 dernières semaines ; sans vente, tout leur stock). Ce stock est partagé entre ville
--   et hôpital au prorata des ventes : ensemble, les circuits n'absorbent pas plus que lui. Non couvert = part sous
--   déclaration − part absorbable. Bornes hautes : une présentation déclarée sans part peut tenir tout le reste du
--   marché.
-- absence : aucune part écrite, ou stock des autres présentations inconnu ou en retard (rien n'est alors absorbé)
-- source : TrustMed, TracStocks
-- règle : basculement d'une DCI par addition de déclarations à faible risque (IGAS 2025-002R, § 163). Un stock redit au
--   plus une semaine compte, comme dans la couverture ; un plus ancien n'absorbe rien, sa demande reste à servir
-- seuils : tipping_horizon_days, tipping_small_share_pct, tipping_uncovered_pct, current_weeks, carry_weeks, grace_days
-- état : trustmed, tracstocks
WITH declared AS (
    SELECT * FROM declared_share WHERE family = 'écrite'
),
newest AS (
    SELECT
        n.week, date_diff('day', n.week + 6, p.as_of) > s.period_late_after_days AS is_late
    FROM newest_week AS n
    CROSS JOIN parameter AS p
    INNER JOIN source_state AS s ON s.source_key = 'tracstocks'
    WHERE n.link = 'exploitants'
),
series AS (
    -- Each presentation of a laboratory: last stock known, and its current demand, as in coverage.
    SELECT
        b.dci_key, w.cip13, w.participant, w.stock_boxes, w.gap_weeks <= p.carry_weeks AND NOT n.is_late AS is_fresh,
        exact_mean(w.current_weekly_boxes, 7) AS daily_boxes
    FROM declarant_demand AS w
    CROSS JOIN parameter AS p
    INNER JOIN newest AS n ON n.week = w.week
    INNER JOIN presentation AS b ON b.cip13 = w.cip13 AND w.subject_id = 'dci:' || b.dci_key
    WHERE w.link = 'exploitants'
),
market AS (
    SELECT
        s.dci_key, SUM(s.daily_boxes) AS daily_boxes,
        SUM(CASE WHEN d.cip13 IS NULL THEN s.daily_boxes END) AS others_daily_boxes,
        SUM(CASE WHEN d.cip13 IS NULL AND s.is_fresh THEN s.daily_boxes END) AS fresh_daily_boxes,
        SUM(CASE WHEN d.cip13 IS NULL AND s.is_fresh THEN s.stock_boxes END) AS others_stock_boxes,
        SUM(CASE WHEN d.cip13 IS NULL AND s.is_fresh AND l.laboratory IS NOT NULL THEN s.stock_boxes END)
            AS declarants_stock_boxes,
        STRING_AGG(
            DISTINCT CASE WHEN d.cip13 IS NULL AND NOT s.is_fresh THEN s.participant END, ', '
            ORDER BY CASE WHEN d.cip13 IS NULL AND NOT s.is_fresh THEN s.participant END
        ) AS late_names
    FROM series AS s
    LEFT JOIN (SELECT DISTINCT cip13 FROM declaration WHERE status = 'ouverte') AS d ON d.cip13 = s.cip13
    LEFT JOIN (SELECT DISTINCT dci_key, laboratory FROM declaration WHERE status = 'ouverte') AS l
        ON l.dci_key = s.dci_key AND l.laboratory = s.participant
    GROUP BY s.dci_key
),
spare AS (
    -- Horizons of demand in reserve: of what the others serve, and of what the whole DCI asks.
    SELECT
        m.*,
        CASE WHEN m.others_stock_boxes IS NOT NULL AND m.fresh_daily_boxes IS NOT NULL
            THEN GREATEST(0, m.others_stock_boxes / p.tipping_horizon_days - m.fresh_daily_boxes)
        END / NULLIF(m.others_daily_boxes, 0) AS of_others,
        (m.others_stock_boxes / p.tipping_horizon_days - m.fresh_daily_boxes) / NULLIF(m.daily_boxes, 0) AS of_dci
    FROM market AS m
    CROSS JOIN parameter AS p
),
absorbed AS (
    SELECT
        d.*, s.others_stock_boxes, COALESCE(s.declarants_stock_boxes, 0) AS declarants_stock_boxes, s.late_names,
        s.others_stock_boxes / NULLIF(s.fresh_daily_boxes, 0) AS others_coverage_days,
        absorbed_pct(d.share_pct, s.of_others, s.of_dci) AS others_absorb_pct,
        absorbed_pct(d.upper_share_pct, s.of_others, s.of_dci) AS upper_absorb_pct
    FROM declared AS d
    LEFT JOIN spare AS s ON s.dci_key = d.dci_key
),
judged AS (
    SELECT
        a.*, ROUND(a.share_pct - a.others_absorb_pct, 6) AS uncovered_pct,
        ROUND(a.upper_share_pct - a.upper_absorb_pct, 6) AS upper_uncovered_pct
    FROM absorbed AS a
)
SELECT
    j.dci_key, j.dci, j.circuit, j.share_of, j.declarations, j.presentations, j.unknown_presentations,
    j.largest_share_pct, j.share_pct AS declared_share_pct, j.upper_share_pct AS declared_upper_pct,
    j.others_stock_boxes, j.declarants_stock_boxes, j.late_names, j.others_coverage_days, j.others_absorb_pct,
    j.uncovered_pct, j.upper_uncovered_pct,
    COALESCE(j.presentations > 1 AND j.largest_share_pct < p.tipping_small_share_pct
        AND j.uncovered_pct >= p.tipping_uncovered_pct, FALSE) AS is_tipping,
    j.unknown_presentations > 0 AND j.presentations > 1
    AND COALESCE(j.largest_share_pct < p.tipping_small_share_pct, TRUE)
    AND COALESCE(j.uncovered_pct < p.tipping_uncovered_pct, TRUE)
    AND j.upper_uncovered_pct >= p.tipping_uncovered_pct AS may_tip
FROM judged AS j
CROSS JOIN parameter AS p
ORDER BY uncovered_pct DESC, j.dci_key, j.circuit
