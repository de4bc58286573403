-- Quelles dates promises ont bougé, et de combien ?
-- grain : promesse (retour ou approvisionnement) dont la date a changé depuis la référence
-- unité : jours (positif : repoussée)
-- formule : dernière date promise aujourd'hui − dernière date promise dans l'instantané de référence
-- absence : aucune date n'a bougé
-- source : TrustMed, instantanés publiés
-- règle : les reports les plus longs d'abord
-- calcul : à la lecture
SELECT
    n.declaration_no, d.dci, d.dci_key, d.denomination, d.laboratory, n.promise, n.supply_no, n.stated_on,
    o.planned_on AS planned_before, n.planned_on, date_diff('day', o.planned_on, n.planned_on) AS slip_days, n.boxes
FROM snap.promise AS n
INNER JOIN ref.promise AS o
    ON o.declaration_no = n.declaration_no AND o.promise = n.promise AND o.promise_no = n.promise_no AND o.is_latest
INNER JOIN snap.declaration AS d ON d.declaration_no = n.declaration_no
WHERE n.is_latest AND n.planned_on <> o.planned_on
ORDER BY slip_days DESC, n.declaration_no, n.supply_no
