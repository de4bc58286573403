-- Quelle source est en retard, et de combien ?
-- grain : source en retard
-- unité : jours au-delà du délai toléré ; gravité en rythmes de la source
-- formule : âge de la dernière réception, ou de la dernière semaine reçue, moins ce que le rythme et le délai toléré
--   permettent
-- absence : source jamais reçue, à l'heure, ou ponctuelle : aucun autre relevé n'est dû
-- source : comptes de lecture de chaque fichier
-- règle : la plus tardive des deux mesures qui font dire « en retard »
WITH late AS (
    SELECT
        source_key, title, rhythm_found_days, last_received_at,
        GREATEST(age_days - late_after_days, period_age_days - period_late_after_days) AS days_late
    FROM source_state
    -- Nobody owes another isolated point: its age is shown with the figures it makes.
    WHERE state = 'en_retard' AND COALESCE(rhythm, '') <> 'ponctuel'
)
SELECT
    source_key AS subject_key, title AS label, CAST(NULL AS VARCHAR) AS place, CAST(days_late AS DOUBLE) AS value,
    1.0 * days_late / GREATEST(rhythm_found_days, 1) AS gravity, CAST(last_received_at AS DATE) AS day,
    [source_key] AS targets, CAST(NULL AS VARCHAR) AS region
FROM late
ORDER BY subject_key
