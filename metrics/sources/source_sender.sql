-- À quel rythme chaque émetteur envoie-t-il ses relevés, et le prochain manque-t-il ?
-- grain : source de stocks × émetteur (laboratoire, grossiste-répartiteur)
-- unité : relevés (semaines mesurées), dates
-- formule : rythme = intervalle médian des 3 derniers relevés de l'émetteur dans cette source ; dû = dernier relevé +
--   rythme
-- absence : émetteur d'une autre source
-- source : TracStocks, Point Stock, fichier hebdomadaire des grossistes-répartiteurs
-- règle : hebdomadaire à 7 jours, mensuel à 4 ou 5 semaines, ponctuel au-delà ou sans régularité : un point isolé
--   n'annonce aucun autre relevé. Une source peut mêler plusieurs rythmes (IGAS 2025-002R, § 203) : un mensuel n'est
--   pas absent des semaines qu'il n'envoie jamais.
-- seuils : rhythm_gaps, rhythm_month_weeks, expected_weeks, grace_days, flash_carry_days
WITH last_read AS (
    SELECT
        source_key, participant, COUNT(*) AS readings, MAX(week) AS last_week,
        NULLIF(MAX_BY(COALESCE(due_weeks, 0), week), 0) AS due_weeks
    FROM read_rhythm('source_sender_week', (source_key, participant))
    GROUP BY source_key, participant
)
SELECT
    r.source_key, r.participant AS sender, rhythm_words(r.due_weeks, p.rhythm_month_weeks) AS rhythm, r.readings,
    r.last_week, r.last_week + 6 + week_days(r.due_weeks) AS due_on,
    CASE
        WHEN r.due_weeks IS NULL AND date_diff('day', r.last_week + 6, p.as_of) > p.flash_carry_days THEN 'en_retard'
        WHEN date_diff('day', r.last_week + 6, p.as_of) > 7 * r.due_weeks + 7 + p.grace_days THEN 'en_retard'
        ELSE 'a_jour'
    END AS state
FROM last_read AS r
CROSS JOIN parameter AS p
ORDER BY r.source_key, r.participant
