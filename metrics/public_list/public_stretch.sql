-- Quand chaque ligne de la liste publique a-t-elle dit quel code, photographie après photographie ?
-- grain : spécialité × présentation × épisode × code tenu sans interruption
-- unité : dates
-- formule : photographies consécutives (la dernière de chaque jour) où la ligne la plus récente de la clé (CIS, CIP13)
--   garde le même code ; un épisode commence quand la clé entre dans la liste, et quand elle rechute : du code 4 à un
--   autre, ou une seconde remise à disposition, postérieure à la photographie qui disait la première
-- absence : clé absente de toutes les photographies reçues
-- source : BDPM, fichier CIS_CIP_Dispo_Spec, toutes les photographies reçues
-- règle : entre deux photographies rien n'est vu : un code vaut de sa première à sa dernière photographie
WITH taken AS (
    SELECT photograph_no, photograph_on, ROW_NUMBER() OVER (ORDER BY photograph_on) AS day_no FROM photograph_day
),
line AS (
    SELECT
        l.cis AS cis, l.cip13 AS cip13, l.code AS code, l.started_on AS started_on, l.returned_on AS returned_on,
        t.photograph_on AS photograph_on, t.day_no AS day_no,
        LAG(t.day_no) OVER (PARTITION BY l.cis, l.cip13 ORDER BY t.day_no) AS previous_no,
        LAG(t.photograph_on) OVER (PARTITION BY l.cis, l.cip13 ORDER BY t.day_no) AS previous_on,
        LAG(l.code) OVER (PARTITION BY l.cis, l.cip13 ORDER BY t.day_no) AS previous_code,
        LAG(l.returned_on) OVER (PARTITION BY l.cis, l.cip13 ORDER BY t.day_no) AS previous_return_on
    FROM public_line AS l
    INNER JOIN taken AS t ON t.photograph_no = l.photograph_no
    WHERE l.rank = 1
),
-- Back already at the previous photograph, and missing since: under another code, or back again after it.
begun AS (
    SELECT
        *,
        CASE
            WHEN previous_no IS NULL OR previous_no < day_no - 1 THEN 1
            WHEN previous_code = '4' AND code <> '4' THEN 1
            WHEN previous_code = '4' AND previous_return_on <= previous_on AND returned_on > previous_on THEN 1
            ELSE 0
        END AS begins_spell
    FROM line
),
cut AS (
    SELECT *, CASE WHEN begins_spell = 0 AND previous_code = code THEN 0 ELSE 1 END AS begins_stretch FROM begun
),
numbered AS (
    SELECT
        *,
        SUM(begins_spell) OVER (PARTITION BY cis, cip13 ORDER BY day_no) AS spell_no,
        SUM(begins_stretch) OVER (PARTITION BY cis, cip13 ORDER BY day_no) AS stretch_no
    FROM cut
),
-- A return date is put off when it is later than those still to come when they were written, in the same spell.
dated AS (
    SELECT
        *,
        MAX(CASE WHEN returned_on >= photograph_on THEN returned_on END) OVER (
            PARTITION BY cis, cip13, spell_no ORDER BY day_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS latest_before
    FROM numbered
)
SELECT
    g.cis, NULLIF(g.cip13, '') AS cip13, CAST(g.spell_no AS INTEGER) AS spell_no,
    CAST(g.stretch_no AS INTEGER) AS stretch_no, g.code, c.status_label, g.first_seen_on, g.last_seen_on,
    n.photograph_on AS until_on, g.first_no = 1 AS is_from_first_photograph,
    n.photograph_on IS NULL AS is_current, g.started_on, g.return_first_on, g.return_last_on, g.times_put_off
FROM (
    SELECT
        cis, cip13, spell_no, stretch_no, code, MIN(photograph_on) AS first_seen_on, MAX(photograph_on) AS last_seen_on,
        MIN(day_no) AS first_no, MAX(day_no) AS last_no,
        MIN_BY(started_on, day_no) FILTER (WHERE started_on IS NOT NULL) AS started_on,
        MIN_BY(returned_on, day_no) FILTER (WHERE returned_on IS NOT NULL) AS return_first_on,
        MAX_BY(returned_on, day_no) FILTER (WHERE returned_on IS NOT NULL) AS return_last_on,
        CAST(COUNT(CASE WHEN returned_on > latest_before THEN 1 END) AS INTEGER) AS times_put_off
    FROM dated
    GROUP BY cis, cip13, spell_no, stretch_no, code
) AS g
INNER JOIN public_code AS c ON c.code = g.code
LEFT JOIN taken AS n ON n.day_no = g.last_no + 1
ORDER BY g.cis, g.cip13, g.stretch_no
