-- Quelles ventes dispensées peuvent être montrées à qui ne voit pas les laboratoires ?
-- grain : sujet × semaine ISO
-- unité : oui ou non, et la raison en mots
-- formule : même règle que les exploitants, sur les boîtes dispensées de chaque firme : celle du déclarant, sinon celle
--   du titulaire public, sauf si une autre firme déclare des boîtes de ce titulaire (personne alors)
-- absence : –
-- source : OpenHealth, TracStocks, BDPM ; ce qui a été partagé par l'instantané précédent
-- règle : les ventes d'une DCI tenue par un laboratoire sont les siennes
-- seuils : secrecy_min_laboratories, secrecy_max_share_pct
SELECT v.subject_id, v.week, v.hidden_for IS NOT NULL AS is_hidden, r.words AS reason
FROM share_verdict AS v
LEFT JOIN hidden_reason AS r ON r.hidden_for = v.hidden_for
WHERE v.series = 'dispensation'
ORDER BY v.subject_id, v.week
