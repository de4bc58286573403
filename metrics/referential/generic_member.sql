-- Par quelles spécialités du même groupe générique une spécialité peut-elle être remplacée ?
-- grain : groupe générique × spécialité
-- unité : présentations
-- formule : dernière photographie de CIS_GENER ; présentations déclarées commercialisées, et code de la liste publique
--   le plus grave (1 rupture, 2 tension, 3 arrêt, 4 remise à disposition)
-- absence : « denomination » vide : spécialité absente du référentiel ; « public_code » vide : absente de la liste
-- source : BDPM, fichiers CIS_GENER, CIS_CIP et CIS_CIP_Dispo_Spec
-- règle : seules les spécialités d'un même groupe se substituent ; ne pas être dans la liste publique ne veut pas dire
--   être disponible ; nomme des titulaires : jamais dans la version partageable
-- état : bdpm
WITH marketed AS (
    SELECT cis, COUNT(*) AS marketed FROM presentation WHERE is_marketed(marketing_state) GROUP BY cis
),
listed AS (
    SELECT cis, MIN(code) AS public_code FROM public_shortage GROUP BY cis
)
SELECT DISTINCT
    g.generic_group, g.label, g.cis, s.denomination, s.holder, s.dci_key,
    CASE g.generic_type
        WHEN '0' THEN 'princeps' WHEN '2' THEN 'complémentarité posologique' WHEN '4' THEN 'substituable'
        ELSE 'générique'
    END AS member_kind,
    COALESCE(m.marketed, 0) AS marketed, l.public_code
FROM bdpm_generic AS g
INNER JOIN in_force AS f ON f.kind = 'generic' AND f.load_id = g.load_id
LEFT JOIN speciality AS s ON s.cis = g.cis
LEFT JOIN marketed AS m ON m.cis = g.cis
LEFT JOIN listed AS l ON l.cis = g.cis
ORDER BY g.generic_group, member_kind DESC, s.denomination, g.cis
