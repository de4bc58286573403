-- Combien de temps chaque ligne est-elle restée dans la liste publique, et de combien son retour a-t-il reculé ?
-- grain : spécialité × présentation × épisode (de l'entrée à la sortie ou à la rechute)
-- unité : jours
-- formule : du début écrit sous les codes 1 à 3 à la remise à disposition (code 4), sinon à la dernière photographie où
--   la ligne figure ; report : dernière date de retour écrite moins la première
-- absence : début inconnu d'une ligne vue sous le code 4 seulement ; date de retour jamais écrite
-- source : BDPM, fichier CIS_CIP_Dispo_Spec, toutes les photographies reçues
-- règle : sous le code 4, le début publié est remplacé par la date de retour (98 % des lignes) : le début d'un épisode
--   est celui d'une photographie antérieure ; la durée est un minimum pour une ligne déjà là à la première
--   photographie, ou sortie sans remise à disposition vue
WITH spell AS (
    SELECT
        cis, cip13, spell_no, MAX_BY(code, stretch_no) AS code, MAX_BY(status_label, stretch_no) AS status_label,
        MIN(first_seen_on) AS first_seen_on, MAX(last_seen_on) AS last_seen_on,
        MAX_BY(COALESCE(until_on, DATE '9999-12-31'), stretch_no) AS until_on,
        MAX(CASE WHEN is_from_first_photograph THEN 1 ELSE 0 END) = 1 AS is_from_first_photograph,
        MAX(CASE WHEN is_current THEN 1 ELSE 0 END) = 1 AS is_current,
        MIN_BY(started_on, stretch_no) FILTER (WHERE code <> '4' AND started_on IS NOT NULL) AS started_on,
        MAX_BY(started_on, stretch_no) FILTER (WHERE code = '4' AND started_on IS NOT NULL) AS start_under_4_on,
        MIN_BY(return_first_on, stretch_no) FILTER (WHERE return_first_on IS NOT NULL) AS return_first_on,
        MAX_BY(return_last_on, stretch_no) FILTER (WHERE return_last_on IS NOT NULL) AS return_last_on,
        SUM(times_put_off) AS times_put_off
    FROM public_stretch
    GROUP BY cis, cip13, spell_no
),
ended AS (
    SELECT
        s.*,
        CASE WHEN s.code = '4' THEN COALESCE(s.return_last_on, s.start_under_4_on) ELSE s.last_seen_on END AS ended_on,
        s.code <> '4' AND NOT s.is_current AS is_end_unseen,
        LEAD(s.first_seen_on) OVER (
            PARTITION BY s.cis, COALESCE(s.cip13, '') ORDER BY s.spell_no
        ) = s.until_on AS is_relapsed
    FROM spell AS s
)
SELECT
    e.cis, e.cip13, e.spell_no, p.denomination, p.dci, p.dci_key, e.code, e.status_label,
    e.first_seen_on, e.last_seen_on,
    CASE WHEN NOT e.is_current AND NOT COALESCE(e.is_relapsed, FALSE) THEN e.until_on END AS left_on,
    CASE WHEN e.is_relapsed THEN e.until_on END AS relapsed_on, e.is_current, e.started_on,
    CASE WHEN e.ended_on >= e.started_on THEN e.ended_on - e.started_on END AS duration_days,
    CASE WHEN e.ended_on >= e.started_on THEN e.is_from_first_photograph OR e.is_end_unseen END AS duration_is_minimum,
    e.return_first_on, e.return_last_on, CAST(e.times_put_off AS INTEGER) AS times_put_off,
    CASE WHEN e.times_put_off > 0 THEN GREATEST(e.return_last_on - e.return_first_on, 0) END AS days_put_off
FROM ended AS e
LEFT JOIN speciality AS p ON p.cis = e.cis
ORDER BY p.dci_key, e.cis, e.cip13, e.spell_no
