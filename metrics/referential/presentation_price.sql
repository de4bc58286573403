-- À quel prix et à quel taux chaque présentation est-elle remboursée ?
-- grain : présentation du référentiel
-- unité : euros (toutes taxes comprises), %
-- formule : dernière photographie de CIS_CIP ; prix public sans honoraires, honoraires de dispensation, prix avec
--   honoraires, taux, tels que publiés
-- absence : présentation non remboursable en ville, à prix libre, ou d'hôpital, dont le prix n'est pas publié
-- source : BDPM, fichier CIS_CIP
-- règle : un prix publié ne dit pas que la présentation se trouve
-- état : bdpm
SELECT
    p.cip13, p.cis, s.dci_key, p.rate_pct, p.price_eur, p.fee_eur, p.price_with_fee_eur,
    COALESCE(folded(p.collectivites) = 'oui', FALSE) AS is_for_hospitals, is_marketed(p.marketing_state) AS is_marketed
FROM bdpm_presentation AS p
INNER JOIN in_force AS f ON f.kind = 'presentation' AND f.load_id = p.load_id
LEFT JOIN speciality AS s ON s.cis = p.cis
ORDER BY p.cip13
