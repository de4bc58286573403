-- Combien de boîtes de chaque présentation l'Assurance maladie rembourse-t-elle chaque mois ?
-- grain : mois × présentation
-- unité : boîtes remboursées, euros
-- formule : boîtes publiées, tous prescripteurs ; dont celles que prescrivent la ville (libéraux) et l'hôpital
--   (salariés)
-- absence : prescriptions de ville ou d'hôpital : feuille absente du fichier, ou présentation absente de la feuille
-- source : Medic'AM (Assurance maladie)
-- règle : une présentation sans ligne un mois publié n'a eu aucune boîte remboursée ce mois-là
-- état : medicam
SELECT
    b.month, b.cip13, b.boxes, b.town_boxes, b.hospital_boxes, b.base_eur, b.reimbursed_eur,
    p.cip13 IS NOT NULL AS is_known
FROM medicam_box AS b
LEFT JOIN presentation AS p ON p.cip13 = b.cip13
ORDER BY b.cip13, b.month
