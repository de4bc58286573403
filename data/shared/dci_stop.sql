-- Arrêts annoncés, comptés par DCI : ni laboratoire, ni spécialité, ni jour, ni motif.
-- La part du marché, écrite ou calculée, n'est qu'une tranche,
-- masquée sous les bornes du secret (trop peu de firmes, ou une seule trop grande).
SELECT
    s.dci_key, s.dci, s.is_effective, COUNT(*) AS stops,
    CAST(date_trunc('month', MIN(s.stop_on)) AS DATE) AS first_month, BOOL_OR(s.is_mitm) AS is_mitm,
    COUNT(CASE WHEN s.is_to_refer THEN 1 END) AS to_refer,
    COUNT(CASE WHEN s.is_short_notice THEN 1 END) AS short_notices,
    CASE
        WHEN COALESCE(BOOL_OR(m.hides_share), TRUE) THEN 'masquée'
        WHEN NOT BOOL_OR(s.has_share) THEN 'inconnue'
        WHEN COUNT(s.large_shares) > 0
            THEN 'au moins ' || number_words(MAX(b.value)) || ' %'
        ELSE 'moins de ' || number_words(MAX(b.value)) || ' %'
    END AS share_band
FROM restricted.stop_register AS s
INNER JOIN restricted.threshold AS b ON b.name = 'stop_share_pct'
LEFT JOIN restricted.secrecy_market AS m ON m.subject_id = 'dci:' || s.dci_key
WHERE s.dci_key IS NOT NULL
GROUP BY s.dci_key, s.dci, s.is_effective
ORDER BY s.dci_key, s.is_effective
