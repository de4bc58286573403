-- Que détiennent et que vendent, ici, les acteurs qui déclarent leurs stocks au dossier pharmaceutique ?
-- grain : sujet (groupe suivi ou DCI) × territoire (département, ou FR) × nature d'acteur
-- unité : boîtes, boîtes par jour, acteurs
-- formule : stocks et ventes du dernier jour du territoire pour cette nature d'acteur, additionnés ; un acteur attendu
--   (vu depuis moins de expected_weeks semaines) et absent ce jour-là est compté à part, et la somme dite incomplète
-- absence : ventes inconnues dès qu'une ligne ne les donne pas ; pas de ligne là où rien n'est transmis
-- source : DP-Ruptures, référentiel public (BDPM)
-- règle : un indice, jamais un statut : aucun plan, aucun verdict ne le lit. Un acteur est un, quelle que soit
--   l'écriture de son nom ; un total n'en est pas un. Le pays n'est pas la somme des départements. Stocks d'acteurs
--   nommés : jamais dans la version partageable. Modèle de Vigistock, à valider
-- seuils : expected_weeks
WITH line AS (
    SELECT
        s.subject_id AS about, l.territory, l.actor_kind, l.actor, CAST(l.day AS DATE) AS day,
        SUM(exact_boxes(l.stock_boxes)) AS stock_boxes,
        CASE WHEN COUNT(*) = COUNT(l.sales_boxes) THEN SUM(exact_boxes(l.sales_boxes)) END AS sales_boxes
    FROM last_line('dpruptures_stock', (day, actor, territory, cip13)) AS l
    INNER JOIN subject_presentation AS s ON s.cip13 = l.cip13
    GROUP BY s.subject_id, l.territory, l.actor_kind, l.actor, CAST(l.day AS DATE)
),
newest AS (
    SELECT territory, actor_kind, MAX(day) AS newest_on
    FROM line
    GROUP BY territory, actor_kind
),
latest AS (
    SELECT
        l.*, n.newest_on, l.day = n.newest_on AS is_now,
        ROW_NUMBER() OVER (PARTITION BY l.about, l.territory, l.actor_kind, l.actor ORDER BY l.day DESC) AS rank
    FROM line AS l
    INNER JOIN newest AS n ON n.territory = l.territory AND n.actor_kind = l.actor_kind
    CROSS JOIN parameter AS p
    WHERE l.day > n.newest_on - week_days(p.expected_weeks)
)
SELECT
    l.about, l.territory, COALESCE(d.name, 'France') AS name, d.region, l.actor_kind, l.newest_on AS read_on,
    CASE
        WHEN ANY_VALUE(st.state) = 'en_retard' THEN 'en_retard'
        WHEN COUNT(*) > COUNT(CASE WHEN l.is_now THEN 1 END) THEN 'incomplet'
        ELSE 'a_jour'
    END AS figure_state,
    COUNT(CASE WHEN l.is_now THEN 1 END) AS actors, COUNT(CASE WHEN NOT l.is_now THEN 1 END) AS missing_actors,
    CAST(SUM(CASE WHEN l.is_now THEN l.stock_boxes END) AS DOUBLE) AS stock_boxes,
    CAST(
        CASE
            WHEN COUNT(CASE WHEN l.is_now THEN 1 END) = COUNT(CASE WHEN l.is_now THEN l.sales_boxes END)
                THEN SUM(CASE WHEN l.is_now THEN l.sales_boxes END)
        END AS DOUBLE
    ) AS sales_boxes
FROM latest AS l
INNER JOIN source_state AS st ON st.source_key = 'dpruptures'
LEFT JOIN department AS d ON d.department = l.territory
WHERE l.rank = 1
GROUP BY l.about, l.territory, d.name, d.region, l.actor_kind, l.newest_on
HAVING COUNT(CASE WHEN l.is_now THEN 1 END) > 0
ORDER BY l.about, l.territory, l.actor_kind
