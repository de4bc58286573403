-- Quelle DCI bascule par addition de petites déclarations ?
-- grain : DCI signalée, ses circuits réunis
-- unité : % de la demande du circuit non couverte
-- formule : signalement et besoin non couvert du basculement, au pire des circuits ; ceux qui basculent sont nommés
-- absence : aucune DCI signalée
-- source : TrustMed, TracStocks
-- règle : basculement d'une DCI par addition de déclarations à faible risque (IGAS 2025-002R, § 163)
SELECT
    t.dci_key AS subject_key, MIN(t.dci) AS label, STRING_AGG(t.circuit, ' et ' ORDER BY t.circuit DESC) AS place,
    CAST(MAX(t.uncovered_pct) AS DOUBLE) AS value, CAST(MAX(t.uncovered_pct) AS DOUBLE) AS gravity,
    MIN(i.as_of) AS day, [t.dci_key || '|' || ARG_MAX(t.circuit, t.uncovered_pct)] AS targets,
    CAST(NULL AS VARCHAR) AS region
FROM tipping AS t
CROSS JOIN snapshot_info AS i
WHERE t.is_tipping
GROUP BY t.dci_key
ORDER BY subject_key
