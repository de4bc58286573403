-- Combien de fois les déclarations publiques d'une DCI ont-elles ensemble dépassé 30, 50 ou 70 % de ses présentations ?
-- grain : durée supposée d'une déclaration × borne
-- unité : DCI × mois, et DCI
-- formule : lignes de « tipping_history » au-dessus de la borne ; « additionnées » : plusieurs spécialités déclarées ;
--   « petites » : plusieurs, dont aucune ne dépasse à elle seule la part d'une petite déclaration
-- absence : aucune déclaration publique reçue
-- source : déclarations closes rendues publiques ; BDPM
-- règle : bornes 30, 50 et 70 % des présentations de la DCI
-- seuils : history_cross_low_pct, history_cross_pct, history_cross_high_pct, tipping_small_share_pct
WITH bound AS (
    SELECT UNNEST([history_cross_low_pct, history_cross_pct, history_cross_high_pct]) AS bound_pct,
        tipping_small_share_pct
    FROM parameter
),
held AS (
    SELECT
        h.window_days, b.bound_pct, h.dci_key, h.share_pct >= b.bound_pct AS is_over,
        h.declared_specialities > 1 AS is_sum,
        h.declared_specialities > 1 AND h.largest_share_pct < b.tipping_small_share_pct AS is_small_sum
    FROM tipping_history AS h
    CROSS JOIN bound AS b
)
SELECT
    window_days, CAST(bound_pct AS INTEGER) AS bound_pct,
    COUNT(*) AS dci_months, COUNT(DISTINCT dci_key) AS dcis,
    COUNT(CASE WHEN is_over THEN 1 END) AS over_dci_months,
    COUNT(DISTINCT CASE WHEN is_over THEN dci_key END) AS over_dcis,
    COUNT(CASE WHEN is_over AND is_sum THEN 1 END) AS sum_dci_months,
    COUNT(DISTINCT CASE WHEN is_over AND is_sum THEN dci_key END) AS sum_dcis,
    COUNT(CASE WHEN is_over AND is_small_sum THEN 1 END) AS small_dci_months,
    COUNT(DISTINCT CASE WHEN is_over AND is_small_sum THEN dci_key END) AS small_dcis
FROM held
GROUP BY window_days, bound_pct
ORDER BY window_days, bound_pct
