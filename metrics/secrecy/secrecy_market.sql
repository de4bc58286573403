-- La part d'une spécialité dans un marché peut-elle être montrée à qui ne voit pas les laboratoires ?
-- grain : sujet (groupe suivi ou DCI)
-- unité : oui ou non
-- formule : oui si au moins 3 firmes vendent, sans qu'une seule dépasse 85 % des boîtes
-- absence : aucune vente déclarée : masquée
-- source : TracStocks, BDPM, table des groupes de laboratoires, réponses du gestionnaire
-- règle : une firme est une société ou un groupe, quelle que soit l'écriture de son nom. Ce qui attend la réponse du
--   gestionnaire ne compte pour personne, et ses boîtes comme celles de la plus grande
-- seuils : secrecy_min_laboratories, secrecy_max_share_pct
SELECT subject_id, COALESCE(firms_are_few(firm, boxes), TRUE) AS hides_share
FROM (
    SELECT l.subject_id AS subject_id, l.firm AS firm, SUM(l.boxes) AS boxes
    FROM (
        SELECT m.subject_id AS subject_id, f.firm AS firm, m.boxes AS boxes
        FROM market_share AS m
        LEFT JOIN firm AS f ON f.kind = 'laboratoire' AND f.name = m.laboratory
        UNION ALL
        SELECT s.subject_id, CAST(NULL AS VARCHAR) AS firm, w.sales_boxes AS boxes
        FROM waiting_name_line AS w
        INNER JOIN subject_presentation AS s ON s.cip13 = w.cip13
        WHERE w.link = 'exploitants'
    ) AS l
    GROUP BY l.subject_id, l.firm
) AS by_firm
GROUP BY subject_id
ORDER BY subject_id
