-- Quelles situations, une par spécialité, dans le mois et depuis janvier ?
-- grain : mois × période × spécialité
-- unité : déclarations
-- formule : déclarations de la spécialité dans la période ; niveau : le plus haut de ses déclarations ; type : rupture
--   si l'une au moins en est une
-- absence : classe ATC ou DCI absentes du référentiel et de la diffusion
-- source : TrustMed, ou déclarations closes rendues publiques (historique) ; une seule source par année
-- règle : plusieurs présentations d'une spécialité, ou plusieurs déclarations d'une présentation, font une seule
--   situation (IGAS 2025-002R, § 72)
SELECT
    s.month, s.span, d.speciality_key, MIN(d.speciality) AS speciality, MIN(d.dci) AS dci, MIN(d.dci_key) AS dci_key,
    MIN(d.atc_group) AS atc_group, COUNT(*) AS declarations,
    CASE WHEN COUNT(CASE WHEN d.kind = 'rupture' THEN 1 END) > 0 THEN 'rupture' ELSE 'risque' END AS kind,
    MAX(d.level_rank) AS level_rank,
    MAX_BY(d.level, d.level_rank) AS level
FROM monthly_span AS s
INNER JOIN monthly_declaration AS d ON d.month = s.counted_month AND d.source_key = s.source_key
GROUP BY s.month, s.span, d.speciality_key
ORDER BY s.month, s.span, d.speciality_key
