-- Combien de boîtes d'un médicament l'Assurance maladie rembourse-t-elle chaque mois ?
-- grain : sujet (groupe suivi ou DCI) × mois
-- unité : boîtes remboursées, euros
-- formule : somme des présentations du sujet au référentiel ; évolution = boîtes ÷ boîtes du même mois un an plus tôt
--   − 1
-- absence : mois non publié ; prescriptions de ville ou d'hôpital : feuille absente du fichier
-- source : Medic'AM (Assurance maladie), référentiel public (BDPM)
-- règle : un mois publié où le sujet n'a aucune ligne compte zéro boîte. Ville et hôpital disent qui a prescrit. Les
--   présentations inconnues du référentiel ne sont dans aucun sujet : « Codes non rattachés » les compte
-- état : medicam
SELECT
    r.subject_id, r.month, r.boxes, r.town_boxes, r.hospital_boxes, r.base_eur, r.reimbursed_eur, r.presentations,
    y.boxes AS year_before_boxes, ROUND(exact_ratio(100 * (r.boxes - y.boxes), y.boxes), 1) AS change_pct,
    s.season_index, s.season_years
FROM reimbursed_subject_month AS r
LEFT JOIN reimbursed_subject_month AS y
    ON y.subject_id = r.subject_id AND date_diff('month', y.month, r.month) = 12
LEFT JOIN reimbursed_season AS s ON s.subject_id = r.subject_id AND s.calendar_month = MONTH(r.month)
ORDER BY r.subject_id, r.month
