-- Quels jours manquent entre les photographies de la liste publique ?
-- grain : intervalle sans photographie
-- unité : jours
-- formule : jours entre deux photographies successives, et de la dernière au jour de l'instantané, au-delà de
--   photograph_gap_days
-- absence : aucun intervalle trop long ; un jour où la liste a été lue sans changement compte comme une photographie
-- source : BDPM, fichier CIS_CIP_Dispo_Spec, toutes les photographies reçues
-- règle : ce qui est entré et sorti dans l'intervalle n'est jamais vu, et ne se rachète pas ; un mouvement y est daté à
--   l'intervalle près
WITH taken AS (
    SELECT photograph_on, LEAD(photograph_on) OVER (ORDER BY photograph_on) AS next_on
    FROM photograph_day
)
SELECT t.photograph_on AS from_on, t.next_on AS to_on, COALESCE(t.next_on, i.as_of) - t.photograph_on AS days
FROM taken AS t
CROSS JOIN parameter AS p
CROSS JOIN snapshot_info AS i
WHERE COALESCE(t.next_on, i.as_of) - t.photograph_on > p.photograph_gap_days
ORDER BY t.photograph_on
