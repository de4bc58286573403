-- Combien de déclarations sont ouvertes sur cette DCI ?
-- grain : DCI
-- unité : nombre de déclarations
-- formule : déclarations dont la dernière version est ouverte
-- absence : aucune déclaration reçue pour cette DCI
-- source : TrustMed
-- règle : sans nom de laboratoire, partageable avec les ARS
SELECT
    dci_key, MIN(dci) AS dci,
    COUNT(CASE WHEN status = 'ouverte' THEN 1 END) AS open_declarations,
    COUNT(CASE WHEN status = 'ouverte' AND kind = 'rupture' THEN 1 END) AS open_ruptures,
    COUNT(CASE WHEN status = 'ouverte' AND kind = 'risque' THEN 1 END) AS open_risks,
    COUNT(*) AS declarations,
    MAX(updated_on) AS last_updated_on
FROM declaration
WHERE dci_key IS NOT NULL
GROUP BY dci_key
ORDER BY dci_key
