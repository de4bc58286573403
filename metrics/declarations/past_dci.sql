-- Combien de déclarations closes de chaque DCI l'ANSM a-t-elle rendues publiques, année par année ?
-- grain : DCI × année de la diffusion publique
-- unité : lignes de la diffusion
-- formule : compte des lignes par type, des spécialités et des laboratoires ; « copies » : lignes identiques à une
--   autre, comprises dans le compte
-- absence : pas de ligne pour une DCI et une année sans déclaration diffusée, ou pour une année non diffusée
-- source : déclarations closes rendues publiques (historique) ; BDPM
-- règle : combien, jamais lesquels : aucun nom de laboratoire
-- état : historique
SELECT
    dci_key, CAST(year AS INTEGER) AS year, COUNT(*) AS lines,
    COUNT(CASE WHEN kind = 'rupture' THEN 1 END) AS ruptures, COUNT(CASE WHEN kind = 'risque' THEN 1 END) AS risks,
    COUNT(CASE WHEN is_copy THEN 1 END) AS copies, COUNT(DISTINCT cis) AS specialities,
    COUNT(DISTINCT folded(laboratory)) AS laboratories, MAX(event_on) AS last_event_on
FROM past_declaration
WHERE dci_key IS NOT NULL
GROUP BY dci_key, year
ORDER BY dci_key, year
