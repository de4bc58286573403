-- Les ventes du panel d'officines peuvent-elles être montrées à qui ne voit pas les laboratoires ?
-- grain : groupe suivi
-- unité : oui ou non
-- formule : oui si le marché du groupe repose chaque semaine sur assez de firmes, et celui des groupes qui le
--   recouvrent aussi
-- absence : –
-- source : panel IQVIA ; OpenHealth, sinon TracStocks, pour savoir de qui sont les boîtes
-- règle : la couverture en jours reste montrée : elle ne dit aucune quantité
-- seuils : secrecy_min_laboratories, secrecy_max_share_pct
SELECT g.group_id AS subject_id, BOOL_OR(f.subject_id IS NOT NULL) AS hides_sales
FROM tracked_group AS g
LEFT JOIN panel_on_few AS f ON f.subject_id = g.group_id
GROUP BY g.group_id
ORDER BY g.group_id
