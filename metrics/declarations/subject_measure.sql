-- Quelles mesures portent sur ce médicament, depuis quand et jusqu'à quand ?
-- grain : sujet (groupe suivi ou DCI) × mesure × phase (« en vigueur », « à venir », « terminée »)
-- unité : déclarations, dates
-- formule : mesures des déclarations dont la présentation est du sujet, tous laboratoires réunis ; début = le plus
--   ancien, fin = la plus lointaine, écrite pour chacune
-- absence : aucune mesure déclarée ; début ou fin non écrits
-- source : TrustMed
-- règle : une mesure demandée, prévue, ou dont le début est à venir, n'est pas en vigueur
-- état : trustmed
SELECT
    s.subject_id, m.measure, m.phase, COUNT(DISTINCT m.declaration_no) AS declarations, MIN(m.start_on) AS since_on,
    CASE WHEN COUNT(m.end_on) = COUNT(*) THEN MAX(m.end_on) END AS until_on
FROM measure AS m
INNER JOIN declaration AS d ON d.declaration_no = m.declaration_no
INNER JOIN subject_presentation AS s ON s.cip13 = d.cip13
GROUP BY s.subject_id, m.measure, m.phase
ORDER BY s.subject_id, m.phase, m.measure
