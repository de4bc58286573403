-- Quels médicaments suivis ont changé de statut, et à quel maillon ?
-- grain : groupe suivi × maillon dont le statut ou l'état a changé entre deux instantanés
-- unité : statut, jours de couverture
-- formule : état des maillons de l'instantané en cours comparé à celui de référence
-- absence : rien n'a changé
-- source : instantanés publiés
-- règle : les dégradations d'abord, les plus graves en tête
-- calcul : à la lecture
SELECT
    n.subject_id, g.plan, g.label, n.link, n.label AS link_label,
    o.status AS status_before, n.status, o.coverage_days AS days_before, n.coverage_days,
    o.figure_state AS state_before, n.figure_state, n.state_reason, n.measured_on,
    p.tension, p.departments_insufficient, p.departments_measured, p.open_declarations,
    n.gravity, o.gravity AS gravity_before, n.bound_share_pct
FROM snap.link_status AS n
INNER JOIN snap.tracked_group AS g ON g.group_id = n.subject_id
INNER JOIN snap.plan_status AS p ON p.group_id = g.group_id AND p.plan = g.plan
INNER JOIN ref.link_status AS o ON o.subject_id = n.subject_id AND o.link = n.link
WHERE n.status IS DISTINCT FROM o.status OR n.figure_state <> o.figure_state
ORDER BY n.status IS NOT DISTINCT FROM o.status, n.gravity, n.bound_share_pct, g.order_no
