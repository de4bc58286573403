-- Sur quelles classes ATC portent les situations, et à quel niveau de risque ?
-- grain : mois × période × classe ATC principale × niveau de risque
-- unité : situations (une par spécialité), déclarations
-- formule : situations par premier caractère du code ATC et par niveau
-- absence : atc_group absent : spécialité sans code ATC connu
-- source : TrustMed, ou déclarations closes rendues publiques (historique) ; une seule source par année
-- règle : classe principale : premier niveau de la classification ATC (IGAS 2025-002R, § 72)
SELECT
    month, span, atc_group, level, level_rank, COUNT(*) AS situations,
    CAST(SUM(declarations) AS BIGINT) AS declarations,
    COUNT(CASE WHEN kind = 'rupture' THEN 1 END) AS ruptures
FROM monthly_situation
GROUP BY month, span, atc_group, level, level_rank
ORDER BY month, span, atc_group, level_rank DESC
