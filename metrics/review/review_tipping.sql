-- Quelles DCI basculent, et lesquelles depuis la référence ?
-- grain : DCI × circuit qui bascule aujourd'hui
-- unité : % de la demande non couvert
-- formule : basculements de l'instantané en cours, marqués nouveaux quand celui de référence n'en avait pas
-- absence : aucune DCI ne bascule
-- source : TrustMed, TracStocks, instantanés publiés
-- règle : les nouveaux d'abord, puis le plus grand besoin non couvert
-- calcul : à la lecture
SELECT n.*, NOT COALESCE(o.is_tipping, FALSE) AS is_new, o.uncovered_pct AS uncovered_before_pct
FROM snap.tipping AS n
LEFT JOIN ref.tipping AS o ON o.dci_key = n.dci_key AND o.circuit = n.circuit
WHERE n.is_tipping
ORDER BY is_new DESC, n.uncovered_pct DESC, n.dci_key, n.circuit
