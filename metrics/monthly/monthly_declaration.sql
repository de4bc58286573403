-- Quelles déclarations compte le tableau de bord mensuel ?
-- grain : déclaration (TrustMed), ou ligne de la diffusion publique
-- unité : –
-- formule : mois de la première version reçue (TrustMed) ou de l'événement (diffusion publique) ; type tel que déclaré
--   la première fois ; niveau : celui de la cotation au jour de l'instantané ; is_counted : la source est celle retenue
--   pour l'année
-- absence : DCI ou classe ATC absentes du référentiel ; niveau « non évalué » sans cotation : la diffusion publique
--   n'en permet pas ; clôture inconnue dans la diffusion publique
-- source : TrustMed, ou déclarations closes rendues publiques (historique) ; une seule source par année
-- règle : une année vient d'une seule source, celle qui en tient le plus de déclarations (TrustMed à égalité) : une
--   déclaration présente dans les deux n'est comptée qu'une fois
SELECT
    l.source_key, l.declaration_no, CAST(date_trunc('month', l.declared_on) AS DATE) AS month, l.declared_on,
    CAST(date_trunc('month', l.closed_on) AS DATE) AS closed_month, l.closed_on, l.kind, l.speciality_key, l.speciality,
    l.dci, l.dci_key, l.atc_group, l.laboratory, folded(l.laboratory) AS laboratory_key, l.is_copy,
    COALESCE(r.level, 'non évalué') AS level,
    CAST(COALESCE(r.level_no + 1, 0) AS INTEGER) AS level_rank,
    y.source_key IS NOT NULL AS is_counted
FROM monthly_line AS l
LEFT JOIN monthly_year AS y ON y.year = EXTRACT(YEAR FROM l.declared_on) AND y.source_key = l.source_key
LEFT JOIN declaration_score AS r ON r.declaration_no = l.declaration_no
ORDER BY l.declared_on, l.speciality_key
