-- Quelles déclarations ouvertes faut-il regarder d'abord ?
-- grain : déclaration ; la file ne montre que les dossiers ouverts
-- unité : points sur le maximum de la grille
-- formule : somme des points des treize critères ; le niveau est la plus haute borne de la grille atteinte
-- absence : aucune, une valeur inconnue reçoit les points que la grille prévoit et « inconnus » les compte
-- source : TrustMed ; référentiel et listes ; journal
-- règle : niveaux faible, moyen, important, haut risque (IGAS 2025-002R, § 156) ; bornes à valider. Un dossier est
--   dormant quand rien n'a été mis à jour depuis la durée que la grille fixe pour son niveau : la date à laquelle
--   redemander est la dernière mise à jour plus cette durée.
WITH summed AS (
    SELECT
        declaration_no, SUM(points) AS points, SUM(most_points) AS most_points,
        COUNT(CASE WHEN NOT is_known AND NOT is_typed AND band_label = 'inconnu' THEN 1 END) AS unknown_criteria,
        COUNT(CASE WHEN is_typed AND NOT is_known THEN 1 END) AS to_evaluate,
        STRING_AGG(CASE WHEN points = most_points AND points > 0 THEN criterion END, '' ORDER BY order_no) AS at_most,
        MAX(grid_version) AS grid_version
    FROM declaration_criterion
    GROUP BY declaration_no
)
SELECT
    s.declaration_no, d.dci, d.dci_key, d.denomination, d.presentation_label, d.laboratory, d.kind, d.status, d.atc,
    d.cis, d.cip13,
    d.declared_on, d.updated_on, d.expected_return_on, s.points, s.most_points, l.level, l.label AS level_label,
    l.level_no,
    s.unknown_criteria, s.to_evaluate, s.at_most, s.grid_version,
    date_diff('day', d.updated_on, p.as_of) AS quiet_days,
    CASE WHEN d.status = 'ouverte' THEN d.updated_on + CAST(l.dormant_after_days AS INTEGER) END AS ask_again_on,
    d.status = 'ouverte' AND d.updated_on + CAST(l.dormant_after_days AS INTEGER) <= p.as_of AS is_dormant
FROM summed AS s
INNER JOIN declaration AS d ON d.declaration_no = s.declaration_no
INNER JOIN risk_level AS l ON s.points >= l.at_least AND s.points < l.below
CROSS JOIN parameter AS p
ORDER BY s.points DESC, d.updated_on, s.declaration_no
