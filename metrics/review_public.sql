-- Qu'est-ce qui a changé dans la liste publique de l'ANSM ?
-- grain : événement de la liste publique
-- unité : événements
-- formule : photographies plus récentes que la dernière de l'instantané de référence
-- absence : pas de nouvelle photographie
-- source : BDPM, fichier CIS_CIP_Dispo_Spec
-- règle : entrées et aggravations d'abord
SELECT e.*
FROM snap.public_shortage_event AS e
WHERE e.photograph_no > (SELECT COALESCE(MAX(photograph_no), 0) FROM ref.public_photograph)
ORDER BY e.photograph_no DESC, e.event, e.denomination
