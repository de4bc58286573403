-- Les ventes de tous les adhérents sont-elles reçues, et quel plan les prend pour dénominateur ?
-- grain : source qui les porte
-- unité : présentations, dates
-- formule : présentations dont des ventes de référence sont reçues ; plans réglés sur ce dénominateur
-- absence : aucune vente de référence reçue
-- source : fichier hebdomadaire des grossistes-répartiteurs ; fichiers des plans
-- règle : reçues et prises par aucun plan, elles sont montrées à côté de la couverture et dites sur Sources, jamais
--   ignorées en silence (annexe 6 du rapport IGAS 2025-002R)
SELECT
    'grossistes' AS source_key, COUNT(*) AS presentations, MIN(r.from_on) AS from_on, MAX(r.until_on) AS until_on,
    (
        SELECT STRING_AGG(DISTINCT p.title, ', ' ORDER BY p.title)
        FROM plan_link AS l
        INNER JOIN plan AS p ON p.plan = l.plan
        WHERE l.denominator = 'members'
    ) AS plans
FROM member_reference AS r
HAVING COUNT(*) > 0
