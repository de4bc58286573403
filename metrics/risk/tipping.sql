-- De petites déclarations, additionnées, laissent-elles un besoin non couvert ?
-- grain : DCI × circuit (ville, hôpital), DCI ayant au moins une déclaration ouverte
-- unité : % de la demande
-- formule : part sous déclaration = somme des parts de marché déclarées (plafonnée à 100 %). Les autres absorbent leur
--   stock au-delà de 30 jours de leur propre demande. Non couvert = part sous déclaration − part absorbable.
-- absence : aucune part renseignée, ou stock des autres laboratoires inconnu (rien n'est alors absorbé)
-- source : TrustMed, TracStocks
-- règle : basculement d'une DCI par addition de déclarations à faible risque (IGAS 2025-002R, § 163)
-- seuils : tipping_horizon_days, tipping_small_share_pct, tipping_uncovered_pct
WITH declared_circuit AS (
    SELECT d.dci_key, d.dci, d.cip13, d.declaration_no, c.circuit,
        CASE c.circuit WHEN 'ville' THEN d.share_town_pct ELSE d.share_hospital_pct END AS share_pct
    FROM declaration AS d
    CROSS JOIN (SELECT 'ville' AS circuit UNION ALL SELECT 'hôpital' AS circuit) AS c
    WHERE d.status = 'ouverte' AND d.dci_key IS NOT NULL AND list_contains(d.circuits, c.circuit)
),
declared AS (
    SELECT
        dci_key, MIN(dci) AS dci, circuit, COUNT(*) AS declarations, MAX(share_pct) AS largest_share_pct,
        LEAST(100, SUM(share_pct)) AS declared_share_pct
    FROM declared_circuit
    GROUP BY dci_key, circuit
),
newest AS (
    SELECT MAX(week) AS week FROM stock_week WHERE link = 'exploitants'
),
others AS (
    SELECT
        p.dci_key AS dci_key, SUM(w.stock_boxes) AS stock_boxes, SUM(w.sales_boxes) / 7 AS daily_boxes
    FROM stock_week AS w
    INNER JOIN newest AS n ON n.week = w.week
    INNER JOIN presentation AS p ON p.cip13 = w.cip13
    WHERE w.link = 'exploitants'
        AND p.cip13 NOT IN (SELECT d.cip13 FROM declaration AS d WHERE d.status = 'ouverte')
    GROUP BY p.dci_key
),
absorbed AS (
    SELECT
        d.*, o.stock_boxes / NULLIF(o.daily_boxes, 0) AS others_coverage_days,
        LEAST(
            d.declared_share_pct,
            COALESCE(
                (100 - d.declared_share_pct)
                * GREATEST(0, o.stock_boxes / NULLIF(o.daily_boxes, 0) / p.tipping_horizon_days - 1), 0
            )
        ) AS others_absorb_pct
    FROM declared AS d
    CROSS JOIN parameter AS p
    LEFT JOIN others AS o ON o.dci_key = d.dci_key
)
SELECT
    a.dci_key, a.dci, a.circuit, a.declarations, a.largest_share_pct, a.declared_share_pct, a.others_coverage_days,
    a.others_absorb_pct, a.declared_share_pct - a.others_absorb_pct AS uncovered_pct,
    a.declarations > 1 AND a.largest_share_pct < p.tipping_small_share_pct
        AND a.declared_share_pct - a.others_absorb_pct >= p.tipping_uncovered_pct AS is_tipping
FROM absorbed AS a
CROSS JOIN parameter AS p
ORDER BY uncovered_pct DESC, a.dci_key, a.circuit
