-- Quel maillon est le plus faible pour chaque médicament suivi, et la tension est-elle locale ou nationale ?
-- grain : groupe suivi d'un plan
-- unité : statut, jours de couverture, nombre de départements
-- formule : maillon le plus faible = statut le plus grave, puis couverture la plus éloignée de sa borne basse.
--   Nationale : un maillon national est insatisfaisant. Diffuse : officines acceptables au niveau national et plus de
--   25 % des départements mesurés insatisfaisants. Localisée : pas de maillon national insatisfaisant mais au moins un
--   département insatisfaisant.
-- absence : aucun maillon mesuré, ou aucune tension
-- source : PointStock, TracStocks, panel IQVIA, TrustMed
-- règle : le maillon le plus faible n'est jamais caché derrière une moyenne (IGAS 2025-002R, § 78, 208, 214, 229)
-- seuils : diffuse_share_pct
WITH weakest AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY subject_id ORDER BY gravity, coverage_days / satisfactory_days, order_no
        ) AS rank
    FROM link_status
    WHERE gravity < 3
),
country AS (
    SELECT
        subject_id,
        MAX(CASE WHEN gravity = 0 THEN 1 ELSE 0 END) AS has_insufficient_link,
        MAX(CASE WHEN link = 'officines' THEN status END) AS pharmacy_status
    FROM link_status
    GROUP BY subject_id
),
local AS (
    SELECT
        subject_id,
        COUNT(CASE WHEN status IN ('satisfaisante', 'acceptable', 'insatisfaisante') THEN 1 END) AS measured,
        COUNT(CASE WHEN status = 'insatisfaisante' THEN 1 END) AS insufficient,
        COUNT(CASE WHEN in_alert THEN 1 END) AS in_alert
    FROM department_status
    GROUP BY subject_id
),
open_files AS (
    SELECT dci_key, open_declarations FROM declaration_summary
)
SELECT
    g.plan, g.group_id, g.label, g.order_no, g.dci_key, g.presentations,
    w.link AS weakest_link, w.label AS weakest_label, w.status AS weakest_status, w.coverage_days AS weakest_days,
    w.measured_on AS weakest_on, w.figure_state AS weakest_state,
    COALESCE(d.open_declarations, 0) AS open_declarations,
    CASE
        WHEN c.has_insufficient_link = 1 THEN 'nationale'
        WHEN c.pharmacy_status = 'acceptable' AND 100.0 * a.insufficient > p.diffuse_share_pct * a.measured
            THEN 'diffuse'
        WHEN a.insufficient > 0 THEN 'localisee'
    END AS tension,
    COALESCE(a.insufficient, 0) AS departments_insufficient,
    COALESCE(a.measured, 0) AS departments_measured,
    COALESCE(a.in_alert, 0) AS departments_in_alert
FROM tracked_group AS g
CROSS JOIN parameter AS p
LEFT JOIN weakest AS w ON w.subject_id = g.group_id AND w.rank = 1
LEFT JOIN country AS c ON c.subject_id = g.group_id
LEFT JOIN local AS a ON a.subject_id = g.group_id
LEFT JOIN open_files AS d ON d.dci_key = g.dci_key
ORDER BY g.plan, g.order_no
