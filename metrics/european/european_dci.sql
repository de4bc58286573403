-- Cette DCI est-elle déclarée à la plateforme européenne, et quels autres États sont touchés ?
-- grain : DCI
-- unité : nombre de déclarations
-- formule : déclarations à l'ESMP dont la dernière version est ouverte
-- absence : aucune déclaration ouverte sur la DCI ; aucun autre État cité
-- source : ESMP (EMA), TrustMed, référentiel public (BDPM)
-- règle : sans spécialité ni laboratoire, partageable avec les ARS comme les comptes de TrustMed
-- état : esmp, trustmed
WITH opened AS (
    SELECT * FROM european_declaration WHERE status = 'ouverte' AND dci_key IS NOT NULL
),
state_of AS (
    SELECT dci_key, STRING_AGG(DISTINCT state, ', ' ORDER BY state) AS other_states
    FROM (SELECT dci_key, UNNEST(other_states) AS state FROM opened) AS named
    GROUP BY dci_key
)
SELECT
    o.dci_key, MIN(o.dci) AS dci, COUNT(*) AS european_declarations,
    COUNT(CASE WHEN o.kind = 'rupture' THEN 1 END) AS european_ruptures,
    COUNT(CASE WHEN o.trustmed_presence = 'absente' THEN 1 END) AS absent_here,
    COUNT(CASE WHEN o.trustmed_presence = 'ailleurs' THEN 1 END) AS only_elsewhere,
    MIN(s.other_states) AS other_states, MAX(o.updated_on) AS last_updated_on
FROM opened AS o
LEFT JOIN state_of AS s ON s.dci_key = o.dci_key
GROUP BY o.dci_key
ORDER BY o.dci_key
