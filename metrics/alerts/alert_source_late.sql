-- Quelle source est en retard, et de combien ?
-- grain : source en retard
-- unité : jours au-delà du délai toléré ; gravité en rythmes de la source
-- formule : âge de la dernière réception, ou de la dernière semaine reçue, moins ce que le rythme et le délai toléré
--   permettent
-- absence : source jamais reçue, ou à l'heure
-- source : comptes de lecture de chaque fichier
-- règle : la plus tardive des deux mesures qui font dire « en retard »
WITH late AS (
    SELECT
        source_key, title, rhythm_days, last_received_at,
        GREATEST(
            age_days - late_after_days,
            CASE WHEN rhythm_days = 7 THEN period_age_days - rhythm_days - late_after_days END
        ) AS days_late
    FROM source_state
    WHERE state = 'en_retard'
)
SELECT
    source_key AS subject_key, title AS label, CAST(NULL AS VARCHAR) AS place, CAST(days_late AS DOUBLE) AS value,
    1.0 * days_late / GREATEST(rhythm_days, 1) AS gravity, CAST(last_received_at AS DATE) AS day,
    [source_key] AS targets, CAST(NULL AS VARCHAR) AS region
FROM late
ORDER BY subject_key
