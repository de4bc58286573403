-- Pourquoi les médicaments de chaque DCI ont-ils manqué, selon les déclarations closes rendues publiques ?
-- grain : DCI × cause
-- unité : lignes de la diffusion
-- formule : compte des lignes qui citent la cause ; une ligne en cite parfois plusieurs, et compte alors pour chacune
-- absence : DCI sans ligne : aucune déclaration diffusée
-- source : déclarations closes rendues publiques (historique) ; BDPM
-- règle : cause telle que le laboratoire l'a déclarée ; « Autre » n'est pas détaillé
-- état : historique
SELECT
    p.dci_key, c.cause, COUNT(*) AS lines, COUNT(CASE WHEN p.kind = 'rupture' THEN 1 END) AS ruptures
FROM past_declaration AS p
CROSS JOIN UNNEST(p.causes) AS c (cause)
WHERE p.dci_key IS NOT NULL
GROUP BY p.dci_key, c.cause
ORDER BY p.dci_key, lines DESC, c.cause
