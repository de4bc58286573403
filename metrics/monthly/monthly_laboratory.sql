-- Quels laboratoires déclarent le plus, dans le mois et depuis janvier ?
-- grain : mois × période × laboratoire
-- unité : déclarations, situations
-- formule : déclarations et spécialités distinctes du laboratoire ; part = ses déclarations / toutes celles de la
--   période
-- absence : aucune déclaration du laboratoire dans la période
-- source : TrustMed, ou déclarations closes rendues publiques (historique) ; une seule source par année
-- règle : réservé aux agents de l'ANSM : la version partageable ne compte que les déclarants (IGAS 2025-002R, § 72)
SELECT
    s.month, s.span, d.laboratory_key, MIN(d.laboratory) AS laboratory, COUNT(*) AS declarations,
    COUNT(CASE WHEN d.kind = 'rupture' THEN 1 END) AS ruptures, COUNT(DISTINCT d.speciality_key) AS situations,
    MAX(d.level_rank) AS level_rank, MAX_BY(d.level, d.level_rank) AS level,
    100.0 * COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY s.month, s.span) AS share_pct
FROM monthly_span AS s
INNER JOIN monthly_declaration AS d ON d.month = s.counted_month AND d.source_key = s.source_key
GROUP BY s.month, s.span, d.laboratory_key
ORDER BY s.month, s.span, declarations DESC, d.laboratory_key
