-- Ce chiffre est-il à jour, et sinon pourquoi ?
-- grain : indicateur × source dont il est fait (les couvertures, dont l'état dépend de chaque maillon, ont le leur)
-- unité : état, jours
-- formule : l'état d'un chiffre est celui de sa source : dernière période connue et dernière réception, rapportées à
--   son rythme
-- absence : une source jamais reçue donne « absent »
-- source : comptes de lecture de chaque fichier
-- règle : un chiffre fait de plusieurs sources porte une ligne par source ; la plus en retard décide ; la ligne
--   « état » de chaque indicateur les nomme
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
INNER JOIN indicator_source AS i ON i.source_key = s.source_key
ORDER BY i.indicator, s.order_no
