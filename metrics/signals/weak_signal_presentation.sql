-- Que dit chaque signal faible de cette présentation ?
-- grain : présentation × source × territoire, dernier relevé
-- unité : % des agences de répartition, jours de couverture, niveau de 0 (aucune) à 3 (forte)
-- formule : dernier relevé reçu, et celui de signal_weeks semaines plus tôt
-- absence : présentation inconnue du référentiel, niveau ou jours non transmis, rien à comparer
-- source : observatoire de la CSRP, VigiRupture, référentiel public (BDPM)
-- règle : une ligne est un indice sur une présentation, donc sur un laboratoire : jamais dans la version partageable
-- seuils : signal_weeks, carry_weeks, expected_weeks
-- état : csrp, vigirupture
SELECT
    n.cip13, p.denomination, p.label AS presentation_label, p.holder, p.dci, p.dci_key, n.source_key, n.level,
    n.territory, n.read_on, n.is_carried, n.is_missing, n.presence_pct, n.tension_rank, n.coverage_days, n.observed,
    b.read_on AS before_on, b.presence_pct AS presence_before_pct, b.tension_rank AS tension_before,
    b.coverage_days AS days_before
FROM signal_reading AS n
INNER JOIN presentation AS p ON p.cip13 = n.cip13
LEFT JOIN signal_reading AS b
    ON b.source_key = n.source_key AND b.level = n.level AND b.territory = n.territory AND b.cip13 = n.cip13
    AND NOT b.is_now AND NOT b.is_missing
WHERE n.is_now
ORDER BY p.dci_key, n.source_key, n.level, n.territory, n.cip13
