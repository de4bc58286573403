-- Quelle déclaration ouverte atteint un niveau de risque important ou haut ?
-- grain : déclaration ouverte
-- unité : points ; gravité = rang du niveau (0 faible, 3 haut)
-- formule : niveau de la grille de risque au rafraîchissement
-- absence : aucune déclaration ouverte
-- source : TrustMed ; référentiel et listes ; journal
-- règle : le niveau est recalculé à chaque rafraîchissement, aussi pour les dossiers dormants (IGAS 2025-002R, § 156)
SELECT
    s.declaration_no AS subject_key, COALESCE(s.denomination, s.dci, s.declaration_no) AS label,
    LOWER(s.level_label) AS place,
    CAST(s.points AS DOUBLE) AS value, CAST(s.level_no AS DOUBLE) AS gravity,
    s.updated_on AS day, [s.declaration_no] AS targets, CAST(NULL AS VARCHAR) AS region
FROM declaration_score AS s
WHERE s.status = 'ouverte'
ORDER BY subject_key
