-- Arrêts annoncés, comptés par DCI : ni laboratoire, ni spécialité, ni jour, ni motif.
-- La part du marché, écrite ou calculée, n'est qu'une tranche,
-- masquée sous les bornes du secret (trop peu de laboratoires, ou un seul trop grand).
WITH bound AS (
    SELECT
        MAX(CASE name WHEN 'secrecy_min_laboratories' THEN value END) AS min_laboratories,
        MAX(CASE name WHEN 'secrecy_max_share_pct' THEN value END) AS max_share_pct,
        MAX(CASE name WHEN 'stop_share_pct' THEN value END) AS stop_share_pct
    FROM restricted.threshold
),
market AS (
    SELECT subject_id, COUNT(CASE WHEN share_pct > 0 THEN 1 END) AS sellers, MAX(share_pct) AS largest_pct
    FROM restricted.market_share
    GROUP BY subject_id
)
SELECT
    s.dci_key, s.dci, s.is_effective, COUNT(*) AS stops,
    CAST(date_trunc('month', MIN(s.stop_on)) AS DATE) AS first_month, BOOL_OR(s.is_mitm) AS is_mitm,
    COUNT(CASE WHEN s.is_to_refer THEN 1 END) AS to_refer,
    COUNT(CASE WHEN s.is_short_notice THEN 1 END) AS short_notices,
    CASE
        WHEN COALESCE(MAX(m.sellers), 0) < MAX(b.min_laboratories) OR MAX(m.largest_pct) > MAX(b.max_share_pct)
            THEN 'masquée'
        WHEN NOT BOOL_OR(s.has_share) THEN 'inconnue'
        WHEN COUNT(s.large_shares) > 0
            THEN 'au moins ' || number_words(MAX(b.stop_share_pct)) || ' %'
        ELSE 'moins de ' || number_words(MAX(b.stop_share_pct)) || ' %'
    END AS share_band
FROM restricted.stop_register AS s
CROSS JOIN bound AS b
LEFT JOIN market AS m ON m.subject_id = 'dci:' || s.dci_key
WHERE s.dci_key IS NOT NULL
GROUP BY s.dci_key, s.dci, s.is_effective
ORDER BY s.dci_key, s.is_effective
