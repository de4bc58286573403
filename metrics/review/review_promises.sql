-- Quelles dates promises ont bougé, et de combien ?
-- grain : promesse (retour ou approvisionnement) dont la date a changé, ou a été retirée, depuis la référence
-- unité : jours (positif : repoussée)
-- formule : dernière date promise aujourd'hui − dernière date promise dans l'instantané de référence
-- absence : aucune date n'a bougé ; ni date ni écart pour une date retirée d'une déclaration ouverte
-- source : TrustMed, instantanés publiés
-- règle : les dates retirées, puis les reports les plus longs
-- calcul : à la lecture
SELECT
    n.declaration_no, d.dci, d.dci_key, d.denomination, d.laboratory, n.promise, n.supply_no,
    COALESCE(n.withdrawn_on, n.stated_on) AS stated_on, o.planned_on AS planned_before,
    CASE WHEN n.is_latest THEN n.planned_on END AS planned_on,
    CASE WHEN n.is_latest THEN date_diff('day', o.planned_on, n.planned_on) END AS slip_days, n.boxes
FROM snap.promise AS n
INNER JOIN ref.promise AS o
    ON o.declaration_no = n.declaration_no AND o.promise = n.promise AND o.promise_no = n.promise_no AND o.is_latest
INNER JOIN snap.declaration AS d ON d.declaration_no = n.declaration_no
WHERE (n.is_latest AND n.planned_on <> o.planned_on) OR (n.withdrawn_on IS NOT NULL AND d.status = 'ouverte')
ORDER BY slip_days DESC NULLS FIRST, n.declaration_no, n.supply_no
