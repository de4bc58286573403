-- De quels sites chaque spécialité dépend-elle, à quelle étape, et y en a-t-il un autre ?
-- grain : site × spécialité × étape, dans l'état des lieux en vigueur
-- unité : nombre de sites
-- formule : sites distincts de la spécialité à la même étape ; unique quand il n'y en a qu'un
-- absence : pays non écrit ou non reconnu ; champ non renseigné par le laboratoire
-- source : états des lieux annuels des laboratoires, référentiel public (BDPM)
-- règle : en vigueur, la dernière année qui décrit la spécialité, même si un état plus récent du laboratoire l'omet. Un
--   site est son nom et son pays : casse, accents, espaces et ponctuation n'en font jamais deux ; aucune autre
--   ressemblance n'est fondue, deux noms qu'une coquille sépare restent deux sites et un site unique peut ainsi être
--   manqué. Dehors : un pays qui n'est pas de l'Union européenne ; un pays inconnu n'est ni dedans ni dehors.
-- état : edl
SELECT
    n.site_key, MIN(n.site_name) AS site_name, n.country_code, n.country, n.is_in_union,
    CASE n.is_in_union WHEN TRUE THEN 'union' WHEN FALSE THEN 'hors_union' ELSE 'inconnu' END AS place,
    STRING_AGG(DISTINCT n.unread_country, ' ; ' ORDER BY n.unread_country) AS unread_country, n.step, n.cis,
    MIN(COALESCE(s.denomination, n.label)) AS denomination,
    MIN(s.dci) AS dci, MIN(s.dci_key) AS dci_key, MIN(n.laboratory) AS laboratory, MAX(n.year) AS year,
    BOOL_OR(n.is_subcontractor) AS is_subcontractor, MIN(n.distribution) AS distribution,
    COALESCE(BOOL_OR(s.is_mitm), FALSE) AS is_mitm, MIN(o.sites_of_step) AS sites_of_step,
    MIN(o.sites_of_step) = 1 AS is_only_site
FROM named_site AS n
INNER JOIN (
    SELECT cis, step, COUNT(DISTINCT site_key) AS sites_of_step FROM named_site GROUP BY cis, step
) AS o ON o.cis = n.cis AND o.step = n.step
LEFT JOIN speciality AS s ON s.cis = n.cis
GROUP BY n.site_key, n.country_code, n.country, n.is_in_union, n.step, n.cis
ORDER BY n.site_key, n.cis, n.step
