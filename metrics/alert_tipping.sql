-- Quelle DCI bascule par addition de petites déclarations ?
-- grain : DCI × circuit signalé
-- unité : % du besoin non couvert
-- formule : signalement et besoin non couvert du basculement
-- absence : aucune DCI signalée
-- source : TrustMed, TracStocks
-- règle : basculement d'une DCI par addition de déclarations à faible risque (IGAS 2025-002R, § 163)
SELECT
    t.dci_key || ':' || t.circuit AS subject_key, t.dci AS label, t.circuit AS place,
    CAST(t.uncovered_pct AS DOUBLE) AS value, CAST(t.uncovered_pct AS DOUBLE) AS gravity,
    i.as_of AS day, ['dci:' || t.dci_key] AS targets, CAST(NULL AS VARCHAR) AS region
FROM tipping AS t
CROSS JOIN snapshot_info AS i
WHERE t.is_tipping
ORDER BY subject_key
