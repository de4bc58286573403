-- Chaque source est-elle arrivée, à jour et entière ?
-- grain : source
-- unité : fichiers, lignes, jours
-- formule : lignes lues = chargées + mises de côté (à corriger ou à confirmer) + ignorées par règle ; âge = jours
--   depuis la dernière réception, ou depuis que le producteur a tout redonné à l'identique ; à corriger = mises de côté
--   et pas encore renvoyées par le partenaire ; sans effet = chargées, mais dont une clé est inconnue
-- absence : source jamais reçue
-- source : comptes de lecture de chaque fichier
-- règle : « en retard » quand rien n'est arrivé au-delà du rythme de la source plus le délai toléré, ou quand sa
--   dernière période est plus vieille que ce rythme, l'âge qu'elle a quand son fichier est attendu (une semaine pour un
--   relevé hebdomadaire, quatre mois pour Medic'AM, aucun pour une photographie) et le délai toléré. Le rythme des
--   stocks (laboratoires, grossistes) est celui que constatent leurs derniers relevés : hebdomadaire, mensuel, ou
--   ponctuel. Une source ponctuelle n'en doit aucun autre : elle est « en retard » quand son dernier point est trop
--   ancien pour être repris.
-- seuils : grace_days, rhythm_gaps, rhythm_month_weeks, flash_carry_days
WITH
-- Of what the field reports: a workbook of stocks, or a file whose rows all wait, says nothing of what is not short.
reports AS (
    SELECT l.source_key, MAX(l.received_at) AS received_at
    FROM load_sheet AS s
    INNER JOIN load AS l ON l.load_id = s.load_id
    WHERE s.table_name IN ('dpruptures_alert', 'sisac_signal') AND s.rows_loaded > 0
    GROUP BY l.source_key
),
counted AS (
    SELECT
        l.source_key,
        COUNT(*) AS files, SUM(l.rows_in) AS rows_in, SUM(l.rows_loaded - COALESCE(w.rows, 0)) AS rows_loaded,
        SUM(l.rows_quarantined + COALESCE(w.rows, 0)) AS rows_quarantined, SUM(COALESCE(w.rows, 0)) AS rows_to_confirm,
        SUM(COALESCE(u.rows, 0)) AS rows_without_effect, SUM(l.rows_ignored) AS rows_ignored,
        MAX(CASE WHEN l.error = '' THEN l.received_at END) AS last_received_at,
        COUNT(CASE WHEN l.error <> '' THEN 1 END) AS refused_files
    FROM load AS l
    LEFT JOIN (SELECT load_id, COUNT(*) AS rows FROM pending_row GROUP BY load_id) AS w ON w.load_id = l.load_id
    LEFT JOIN (
        SELECT load_id, COUNT(DISTINCT table_name || '/' || line) AS rows FROM unmatched_row GROUP BY load_id
    ) AS u ON u.load_id = l.load_id
    GROUP BY l.source_key
),
-- A photograph that the producer gives again unchanged is as recent as that day; a week or a bulletin is not.
dated AS (
    SELECT
        f.source_key,
        CASE WHEN f.is_photograph THEN GREATEST(f.last_period_on, MAX(k.seen_on)) ELSE f.last_period_on END AS last_on
    FROM source_period AS f
    LEFT JOIN look AS k ON k.source_key = f.source_key
    GROUP BY f.source_key, f.last_period_on, f.is_photograph
),
aged AS (
    SELECT
        s.*, c.* EXCLUDE (source_key), q.rows AS rows_waiting, f.last_on AS last_period_on,
        o.received_at AS reports_received_at,
        CASE WHEN k.seen_on > CAST(c.last_received_at AS DATE) THEN k.seen_on END AS last_looked_on,
        date_diff('day', GREATEST(CAST(c.last_received_at AS DATE), k.seen_on), p.as_of) AS age_days,
        date_diff('day', f.last_on, p.as_of) AS period_age_days,
        p.grace_days, p.flash_carry_days,
        CASE WHEN r.source_key IS NOT NULL THEN rhythm_words(NULLIF(r.due_weeks, 0), p.rhythm_month_weeks) END
            AS rhythm,
        CASE WHEN r.source_key IS NOT NULL THEN 7 * r.due_weeks ELSE s.rhythm_days END AS rhythm_found_days
    FROM source AS s
    CROSS JOIN parameter AS p
    LEFT JOIN source_rhythm AS r ON r.source_key = s.source_key
    LEFT JOIN counted AS c ON c.source_key = s.source_key
    LEFT JOIN reports AS o ON o.source_key = s.source_key
    LEFT JOIN (
        SELECT source_key, COUNT(*) AS rows FROM quarantine WHERE state = 'à corriger' GROUP BY source_key
    ) AS q ON q.source_key = s.source_key
    LEFT JOIN (SELECT source_key, MAX(seen_on) AS seen_on FROM look WHERE name = '' GROUP BY source_key) AS k
        ON k.source_key = s.source_key
    LEFT JOIN dated AS f ON f.source_key = s.source_key
)
SELECT
    a.source_key, a.title, a.producer, a.licence, a.tier, a.rhythm_days, a.form, a.limits, a.order_no,
    COALESCE(a.files, 0) AS files, COALESCE(a.rows_in, 0) AS rows_in, COALESCE(a.rows_loaded, 0) AS rows_loaded,
    COALESCE(a.rows_quarantined, 0) AS rows_quarantined, COALESCE(a.rows_to_confirm, 0) AS rows_to_confirm,
    COALESCE(a.rows_waiting, 0) AS rows_waiting, COALESCE(a.rows_without_effect, 0) AS rows_without_effect,
    COALESCE(a.rows_ignored, 0) AS rows_ignored,
    COALESCE(a.refused_files, 0) AS refused_files,
    a.last_received_at, a.last_looked_on, a.last_period_on, a.age_days, a.period_age_days, a.late_after_days, a.rhythm,
    a.rhythm_found_days, a.period_late_after_days, a.reports_received_at,
    CASE
        WHEN a.last_received_at IS NULL THEN 'absent'
        WHEN a.rhythm_found_days > 0 AND a.age_days > a.late_after_days THEN 'en_retard'
        WHEN a.period_age_days > a.period_late_after_days THEN 'en_retard'
        ELSE 'a_jour'
    END AS state
FROM (
    SELECT
        *,
        CASE WHEN rhythm = 'ponctuel' THEN flash_carry_days ELSE rhythm_found_days + grace_days END AS late_after_days,
        -- A period ends, the next one ends a rhythm later, and its file is due so many days after.
        CASE
            WHEN rhythm = 'ponctuel' THEN flash_carry_days
            WHEN rhythm_found_days > 0 THEN rhythm_found_days + period_lag_days + grace_days
        END AS period_late_after_days
    FROM aged
) AS a
ORDER BY a.order_no
