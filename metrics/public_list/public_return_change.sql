-- Quelles dates de remise à disposition la liste publique a-t-elle changées ?
-- grain : photographie × spécialité × présentation dont la date de remise à disposition diffère de la précédente
-- unité : jours
-- formule : date de la photographie moins celle de la précédente ; positif : reportée
-- absence : aucune date changée ; une date retirée laisse « returned_on » et « moved_days » vides
-- source : BDPM, fichier CIS_CIP_Dispo_Spec, toutes les photographies reçues
-- règle : codes 1 à 3 aux deux photographies : sous le code 4 la date n'est plus une annonce, c'est le jour du retour ;
--   une première annonce n'est pas un changement
WITH line AS (
    SELECT cis, cip13, photograph_no, photograph_on, code, returned_on
    FROM public_line
    WHERE rank = 1 AND code <> '4'
)
SELECT
    n.photograph_on, o.photograph_on AS previous_on, n.cis, NULLIF(n.cip13, '') AS cip13, s.denomination, s.dci,
    s.dci_key, n.code, o.returned_on AS previous_returned_on, n.returned_on,
    n.returned_on - o.returned_on AS moved_days
FROM line AS n
INNER JOIN line AS o ON o.photograph_no = n.photograph_no - 1 AND o.cis = n.cis AND o.cip13 = n.cip13
LEFT JOIN speciality AS s ON s.cis = n.cis
WHERE o.returned_on IS NOT NULL AND n.returned_on IS DISTINCT FROM o.returned_on
ORDER BY n.photograph_on DESC, s.dci_key, n.cis, n.cip13
