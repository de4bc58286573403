-- Quel maillon est le plus faible pour chaque médicament suivi, et la tension est-elle locale ou nationale ?
-- grain : groupe suivi d'un plan
-- unité : statut, jours de couverture, nombre de départements, % des ventes du panel
-- formule : maillon le plus faible = statut le plus grave, puis plus petite part de sa propre borne (link_status).
--   Nationale : un maillon national est insatisfaisant. Diffuse : aucun ne l'est, mais plus de 25 % des départements
--   mesurés le sont, et au moins deux, quel que soit le niveau national des officines. Localisée : aucun maillon
--   national insatisfaisant, d'un département à 25 % insatisfaisants. Aucune : tous les maillons mesurés, aucun
--   insatisfaisant, aucun département insatisfaisant. Poids des départements insatisfaisants = leurs ventes ÷ ventes
--   des départements mesurés ; couverture des départements = moyenne pondérée par leurs ventes. Déclarations ouvertes :
--   celles de la DCI (open_declarations), dont celles des présentations du groupe (group_declarations).
-- absence : aucun maillon mesuré ; classe inconnue quand un maillon manque et que rien n'est insatisfaisant, qu'aucun
--   département n'est mesuré ou que moins de la moitié de ceux attendus (mesurés, ou en
--   retard) ont répondu
-- source : PointStock, TracStocks, panel IQVIA, TrustMed
-- règle : le maillon le plus faible n'est jamais caché derrière une moyenne, ni un maillon sans chiffre derrière un
--   maillon satisfaisant : il est nommé (IGAS 2025-002R, § 78, 208, 214, 229)
-- seuils : diffuse_share_pct, tension_answer_pct
WITH country AS (
    SELECT
        subject_id, MIN(gravity) AS gravest, COUNT(CASE WHEN gravity = 3 THEN 1 END) AS unknown,
        STRING_AGG(CASE WHEN gravity = 3 THEN label END, ', ' ORDER BY order_no) AS unknown_links
    FROM link_status
    GROUP BY subject_id
),
local AS (
    SELECT
        subject_id, COUNT(CASE WHEN is_measured THEN 1 END) AS measured,
        COUNT(CASE WHEN is_insufficient THEN 1 END) AS insufficient,
        COUNT(CASE WHEN in_alert THEN 1 END) AS in_alert, COUNT(CASE WHEN is_silent THEN 1 END) AS silent,
        COUNT(CASE WHEN is_silent AND figure_state = 'en_retard' THEN 1 END) AS late,
        100 * SUM(CASE WHEN is_insufficient THEN sold ELSE 0 END) / NULLIF(SUM(sold), 0) AS insufficient_sales_pct,
        SUM(sold * days) / NULLIF(SUM(sold), 0) AS mean_days
    FROM (
        -- In decimals: a sum that does not depend on the order of its rows.
        SELECT
            subject_id, is_measured, is_silent, figure_state, in_alert,
            is_measured AND status = 'insatisfaisante' AS is_insufficient,
            CASE WHEN is_measured THEN CAST(sales_boxes AS DECIMAL(24, 3)) END AS sold,
            CAST(coverage_days AS DECIMAL(12, 6)) AS days
        FROM department_status
    ) AS d
    GROUP BY subject_id
),
open_files AS (
    SELECT dci_key, open_declarations FROM declaration_summary
),
group_files AS (
    SELECT b.group_id, COUNT(*) AS group_declarations
    FROM declaration AS f
    INNER JOIN group_presentation AS b ON b.cip13 = f.cip13
    WHERE f.status = 'ouverte'
    GROUP BY b.group_id
)
SELECT
    g.plan, g.group_id, g.label, g.order_no, g.dci_key, g.presentations,
    w.link AS weakest_link, w.label AS weakest_label, w.status AS weakest_status, w.coverage_days AS weakest_days,
    w.bound_share_pct AS weakest_bound_pct, w.measured_on AS weakest_on, w.figure_state AS weakest_state,
    c.unknown_links, COALESCE(d.open_declarations, 0) AS open_declarations,
    COALESCE(f.group_declarations, 0) AS group_declarations,
    tension_class(
        c.gravest, c.unknown, a.insufficient, a.measured, a.late, p.diffuse_share_pct, p.tension_answer_pct
    ) AS tension,
    a.insufficient AS departments_insufficient, a.measured AS departments_measured,
    a.in_alert AS departments_in_alert, a.silent AS departments_silent, a.late AS departments_late,
    a.insufficient_sales_pct, a.mean_days AS departments_mean_days
FROM tracked_group AS g
CROSS JOIN parameter AS p
INNER JOIN country AS c ON c.subject_id = g.group_id
INNER JOIN local AS a ON a.subject_id = g.group_id
LEFT JOIN link_status AS w ON w.subject_id = g.group_id AND w.weakness_rank = 1
LEFT JOIN open_files AS d ON d.dci_key = g.dci_key
LEFT JOIN group_files AS f ON f.group_id = g.group_id
ORDER BY g.plan, g.order_no
