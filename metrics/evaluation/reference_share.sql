-- Quelle part une présentation tient-elle vraiment dans sa DCI, en ville et à l'hôpital ?
-- grain : présentation × circuit, DCI dont une source connaît les ventes par présentation
-- unité : % des boîtes de la DCI dans le circuit
-- formule : boîtes de la présentation ÷ boîtes de la DCI, dans la source de référence de la DCI et du circuit (celle de
--   circuit_share)
-- absence : la source de référence ne connaît pas la présentation : sa part n'est pas nulle, elle est inconnue
-- source : Octave, GERS (ville), Medic'AM (ville)
-- règle : GERS compte l'hôpital en UCD, qu'aucun référentiel ne relie à une présentation : pas de part à l'hôpital
--   d'après GERS
-- état : octave, gers, medicam
SELECT
    m.cip13, m.circuit, SUBSTRING(m.subject_id, 5) AS dci_key, ANY_VALUE(m.source_key) AS source_key,
    ANY_VALUE(m.first_month) AS first_month, ANY_VALUE(m.last_month) AS last_month,
    CAST(exact_ratio(100 * SUM(m.quantity), ANY_VALUE(m.whole)) AS DOUBLE) AS share_pct
FROM market_reference AS m
WHERE m.subject_id LIKE 'dci:%' AND m.cip13 IS NOT NULL
GROUP BY m.cip13, m.circuit, m.subject_id
ORDER BY m.cip13, m.circuit
