-- À quels groupes génériques les spécialités d'une DCI appartiennent-elles ?
-- grain : groupe générique × DCI
-- unité : spécialités
-- formule : dernière photographie de CIS_GENER ; spécialités du groupe présentes au référentiel, par type
-- absence : DCI sans ligne : aucun groupe générique publié pour elle
-- source : BDPM, fichier CIS_GENER
-- règle : « unlisted » compte les spécialités du groupe absentes du référentiel, qui ne sont plus commercialisées
-- état : bdpm
WITH members AS (
    SELECT g.generic_group, g.label, g.cis, g.generic_type, s.dci, s.dci_key
    FROM bdpm_generic AS g
    INNER JOIN in_force AS f ON f.kind = 'generic' AND f.load_id = g.load_id
    LEFT JOIN speciality AS s ON s.cis = g.cis
),
unlisted AS (
    SELECT generic_group, COUNT(DISTINCT cis) AS unlisted
    FROM members
    WHERE dci_key IS NULL
    GROUP BY generic_group
)
SELECT
    m.generic_group, MIN(m.label) AS label, m.dci_key, MIN(m.dci) AS dci,
    COUNT(DISTINCT CASE WHEN m.generic_type = '0' THEN m.cis END) AS references_count,
    COUNT(DISTINCT CASE WHEN m.generic_type <> '0' THEN m.cis END) AS generics,
    COALESCE(MAX(u.unlisted), 0) AS unlisted
FROM members AS m
LEFT JOIN unlisted AS u ON u.generic_group = m.generic_group
WHERE m.dci_key IS NOT NULL
GROUP BY m.generic_group, m.dci_key
ORDER BY m.dci_key, label, m.generic_group
