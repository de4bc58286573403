-- Combien de boîtes de chaque présentation sont remboursées par an, et à combien de bénéficiaires ?
-- grain : année × présentation
-- unité : boîtes remboursées, euros, bénéficiaires
-- formule : sommes du fichier annuel ; bénéficiaires du fichier NB de la même année, France entière
-- absence : bénéficiaires : fichier NB de l'année non reçu, ou présentation absente de ce fichier
-- source : Open Medic (Assurance maladie)
-- règle : les bénéficiaires de plusieurs présentations ne s'ajoutent pas : une personne compte une fois par
--   présentation
-- état : openmedic
SELECT
    b.year, b.cip13, b.boxes, b.base_eur, b.reimbursed_eur, n.beneficiaries, p.cip13 IS NOT NULL AS is_known
FROM (
    SELECT year, cip13, SUM(boxes) AS boxes, SUM(base_eur) AS base_eur, SUM(reimbursed_eur) AS reimbursed_eur
    FROM openmedic_box
    GROUP BY year, cip13
) AS b
LEFT JOIN openmedic_person AS n ON n.year = b.year AND n.cip13 = b.cip13 AND n.region IS NULL
LEFT JOIN presentation AS p ON p.cip13 = b.cip13
ORDER BY b.cip13, b.year
