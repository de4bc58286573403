-- Comptes par groupe suivi, sans laboratoire ; la durée, celle d'une seule déclaration parfois, n'est dite que du plan.
SELECT
    plan, season, kind, group_id, declarations, opened, closed, still_open,
    CASE WHEN group_id IS NULL THEN median_days END AS median_days
FROM restricted.season_declaration
