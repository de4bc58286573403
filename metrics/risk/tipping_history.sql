-- Dans les déclarations closes rendues publiques, quelle part des présentations d'une DCI était déclarée à la fois ?
-- grain : durée supposée × DCI × fin de mois, DCI ayant au moins une déclaration pendant cette durée
-- unité : % des présentations de la DCI
-- formule : présentations des spécialités déclarées dans la durée qui précède la fin du mois ÷ présentations de la DCI
--   au référentiel
-- absence : la DCI n'est pas au référentiel d'aujourd'hui (spécialités retirées depuis)
-- source : déclarations closes rendues publiques ; BDPM (le référentiel d'aujourd'hui, pas celui de l'époque)
-- règle : le fichier public ne donne ni date de clôture ni part de marché : une déclaration est supposée ouverte
--   pendant une durée, montrée pour trois durées ; toutes les présentations d'une spécialité déclarée comptent
-- seuils : history_window_days, history_window_short_days, history_window_long_days
WITH market AS (
    SELECT cis, dci_key, MIN(dci) AS dci, COUNT(*) AS presentations
    FROM presentation
    WHERE dci_key IS NOT NULL
    GROUP BY cis, dci_key
),
molecule AS (
    SELECT dci_key, MIN(dci) AS dci, COUNT(*) AS specialities, SUM(presentations) AS presentations
    FROM market
    GROUP BY dci_key
),
declared AS (
    SELECT DISTINCT h.cis, h.event_on, m.dci_key, m.presentations
    FROM history_declaration AS h
    INNER JOIN market AS m ON m.cis = h.cis
),
month AS (
    SELECT
        CAST(
            UNNEST(generate_series(date_trunc('month', MIN(event_on)), MAX(event_on), INTERVAL 1 MONTH)) AS DATE
        ) AS month
    FROM declared
),
supposed AS (
    SELECT UNNEST([history_window_short_days, history_window_days, history_window_long_days]) AS window_days
    FROM parameter
),
open_then AS (
    SELECT DISTINCT w.window_days, m.month, d.cis, d.dci_key, d.presentations
    FROM month AS m
    CROSS JOIN supposed AS w
    INNER JOIN declared AS d
        ON d.event_on <= last_day(m.month) AND d.event_on > last_day(m.month) - CAST(w.window_days AS INTEGER)
)
SELECT
    CAST(o.window_days AS INTEGER) AS window_days, o.dci_key, ANY_VALUE(a.dci) AS dci, o.month,
    COUNT(*) AS declared_specialities, ANY_VALUE(a.specialities) AS specialities,
    CAST(SUM(o.presentations) AS INTEGER) AS declared_presentations,
    CAST(ANY_VALUE(a.presentations) AS INTEGER) AS presentations,
    100.0 * SUM(o.presentations) / ANY_VALUE(a.presentations) AS share_pct,
    100.0 * MAX(o.presentations) / ANY_VALUE(a.presentations) AS largest_share_pct
FROM open_then AS o
INNER JOIN molecule AS a ON a.dci_key = o.dci_key
GROUP BY o.window_days, o.dci_key, o.month
ORDER BY o.window_days, o.dci_key, o.month
