-- Qu'est-ce qui a changé dans la liste publique de l'ANSM ?
-- grain : événement de la liste publique
-- unité : événements
-- formule : photographies plus récentes que la dernière de l'instantané de référence
-- absence : pas de nouvelle photographie
-- source : BDPM, fichier CIS_CIP_Dispo_Spec
-- règle : entrées et aggravations d'abord
-- calcul : à la lecture
SELECT e.*, d.dci
FROM snap.public_shortage_event AS e
LEFT JOIN snap.dci AS d ON d.dci_key = e.dci_key
WHERE e.photograph_at > (SELECT COALESCE(MAX(photograph_on), DATE '1900-01-01') FROM ref.public_photograph)
ORDER BY e.photograph_no DESC, e.event, e.denomination
