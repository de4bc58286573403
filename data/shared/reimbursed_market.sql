-- Parts de marché par titulaire : publiques, mais partagées seulement si aucune source réservée n'a été reçue.
-- Where reserved sources are, the shared artefact names no laboratory, not even what is public of it.
SELECT m.*
FROM restricted.reimbursed_market AS m
WHERE NOT EXISTS (SELECT s.source_key FROM restricted.source_state AS s WHERE s.tier <> 'O' AND s.files > 0)
