-- Sur quelles DCI le nombre de déclarations ouvertes a-t-il changé ?
-- grain : DCI
-- unité : déclarations ouvertes
-- formule : compte de l'instantané en cours − compte de référence
-- absence : aucun changement
-- source : TrustMed, instantanés publiés
-- règle : version sans laboratoire de la revue des déclarations, partageable
-- calcul : à la lecture
SELECT
    n.dci_key, n.dci, COALESCE(o.open_declarations, 0) AS open_before, n.open_declarations,
    n.open_declarations - COALESCE(o.open_declarations, 0) AS change, n.open_ruptures, n.last_updated_on
FROM snap.declaration_summary AS n
LEFT JOIN ref.declaration_summary AS o ON o.dci_key = n.dci_key
WHERE n.open_declarations <> COALESCE(o.open_declarations, 0)
ORDER BY change DESC, n.dci_key
