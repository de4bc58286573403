-- Comment les situations se répartissent-elles par niveau de risque ?
-- grain : mois × période × niveau de risque
-- unité : situations (une par spécialité), déclarations
-- formule : situations de ce niveau, et leurs déclarations ; la somme des niveaux est le total de la période
-- absence : aucune situation de ce niveau dans la période
-- source : TrustMed, ou déclarations closes rendues publiques (historique) ; une seule source par année
-- règle : niveau d'une situation : le plus haut de ses déclarations (IGAS 2025-002R, § 72)
SELECT
    month, span, level, level_rank, COUNT(*) AS situations, CAST(SUM(declarations) AS BIGINT) AS declarations,
    COUNT(CASE WHEN kind = 'rupture' THEN 1 END) AS ruptures
FROM monthly_situation
GROUP BY month, span, level, level_rank
ORDER BY month, span, level_rank DESC
