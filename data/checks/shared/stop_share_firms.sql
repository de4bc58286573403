-- La part de marché d'un arrêt est montrée alors que trop peu de firmes vendent.
SELECT s.dci_key, s.share_band, COUNT(DISTINCT CASE WHEN m.boxes > 0 THEN f.firm END) AS firms
FROM dci_stop AS s
LEFT JOIN restricted.market_share AS m ON m.subject_id = 'dci:' || s.dci_key
LEFT JOIN restricted.firm AS f ON f.kind = 'laboratoire' AND f.name = m.laboratory
CROSS JOIN restricted.threshold AS t
WHERE t.name = 'secrecy_min_laboratories' AND s.share_band <> 'masquée'
GROUP BY s.dci_key, s.share_band
HAVING COUNT(DISTINCT CASE WHEN m.boxes > 0 THEN f.firm END) < MAX(t.value)
