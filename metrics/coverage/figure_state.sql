-- Ce chiffre est-il à jour, et sinon pourquoi ?
-- grain : indicateur × source dont il est fait (les couvertures, dont l'état dépend de chaque maillon, ont le leur)
-- unité : état, jours
-- formule : l'état d'un chiffre est celui de sa source : dernière période connue et dernière réception, rapportées à
--   son rythme
-- absence : une source jamais reçue donne « absent »
-- source : comptes de lecture de chaque fichier
-- règle : un chiffre fait de plusieurs sources porte une ligne par source ; la plus en retard décide
-- seuils : grace_days
SELECT
    i.indicator, s.source_key, s.title, s.last_period_on AS measured_on, s.age_days, s.period_age_days,
    s.rows_to_confirm,
    s.state AS figure_state,
    CASE
        WHEN s.state = 'absent' THEN 'Source jamais reçue.'
        WHEN s.state = 'en_retard' AND s.age_days > s.late_after_days
            THEN 'Rien reçu depuis le ' || strftime(s.last_received_at, '%d/%m/%Y') || '.'
        WHEN s.state = 'en_retard' THEN 'Dernière période connue : ' || strftime(s.last_period_on, '%d/%m/%Y') || '.'
    END AS state_reason
FROM source_state AS s
INNER JOIN (
    SELECT 'declaration' AS indicator, 'trustmed' AS source_key
    UNION ALL SELECT 'promise' AS indicator, 'trustmed' AS source_key
    UNION ALL SELECT 'tipping' AS indicator, 'trustmed' AS source_key
    UNION ALL SELECT 'tipping' AS indicator, 'tracstocks' AS source_key
    UNION ALL SELECT 'market_share' AS indicator, 'tracstocks' AS source_key
    UNION ALL SELECT 'market_share' AS indicator, 'trustmed' AS source_key
    UNION ALL SELECT 'stop_register' AS indicator, 'arrets' AS source_key
    UNION ALL SELECT 'stop_register' AS indicator, 'tracstocks' AS source_key
    UNION ALL SELECT 'anticipation_rank' AS indicator, 'trustmed' AS source_key
    UNION ALL SELECT 'anticipation_rank' AS indicator, 'tracstocks' AS source_key
    UNION ALL SELECT 'planned_supply' AS indicator, 'tracstocks' AS source_key
    UNION ALL SELECT 'safety_stock' AS indicator, 'tracstocks' AS source_key
    UNION ALL SELECT 'safety_stock' AS indicator, 'trustmed' AS source_key
    UNION ALL SELECT 'planned_supply' AS indicator, 'trustmed' AS source_key
    UNION ALL SELECT 'sales_weekly' AS indicator, 'openhealth' AS source_key
    UNION ALL SELECT 'epidemic_weekly' AS indicator, 'spf' AS source_key
    UNION ALL SELECT 'vigilance_daily' AS indicator, 'vigilance' AS source_key
    UNION ALL SELECT 'public_shortage' AS indicator, 'bdpm' AS source_key
    UNION ALL SELECT 'past_dci' AS indicator, 'historique' AS source_key
    UNION ALL SELECT 'generic_group' AS indicator, 'bdpm' AS source_key
    UNION ALL SELECT 'dispensing_condition' AS indicator, 'bdpm' AS source_key
    UNION ALL SELECT 'group_candidate' AS indicator, 'bdpm' AS source_key
    UNION ALL SELECT 'department_count' AS indicator, 'iqvia' AS source_key
) AS i ON i.source_key = s.source_key
ORDER BY i.indicator, s.order_no
