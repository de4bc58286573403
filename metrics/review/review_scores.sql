-- Quels scores ont changé, et quels critères l'expliquent ?
-- grain : déclaration ouverte dont le score a bougé depuis la référence
-- unité : points
-- formule : score de l'instantané en cours moins score de l'instantané de référence, critère par critère
-- absence : déclaration nouvelle, ou référence plus ancienne que la grille
-- source : TrustMed, journal, instantanés publiés
-- règle : les plus fortes hausses d'abord
-- calcul : à la lecture
SELECT
    n.declaration_no, o.points AS points_before, n.points, n.points - o.points AS change,
    o.level AS level_before, n.level, n.level_no - o.level_no AS level_change, c.reasons
FROM snap.declaration_score AS n
INNER JOIN ref.declaration_score AS o ON o.declaration_no = n.declaration_no
INNER JOIN (
    SELECT
        a.declaration_no,
        STRING_AGG(
            a.title || ' : ' || b.points || ' → ' || a.points || ' (' || b.band_label || ' → ' || a.band_label || ')',
            ' ; '
            ORDER BY ABS(a.points - b.points) DESC, a.order_no
        ) AS reasons
    FROM snap.declaration_criterion AS a
    INNER JOIN ref.declaration_criterion AS b ON b.declaration_no = a.declaration_no AND b.criterion = a.criterion
    WHERE a.points <> b.points
    GROUP BY a.declaration_no
) AS c ON c.declaration_no = n.declaration_no
WHERE n.status = 'ouverte'
ORDER BY change DESC, n.points DESC, n.declaration_no
