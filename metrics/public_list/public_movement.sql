-- Qu'est-ce qui est entré dans la liste publique, en est sorti ou y a changé depuis la photographie choisie ?
-- grain : spécialité × présentation dont la situation diffère entre la photographie choisie et la dernière
-- unité : jours
-- formule : ce que la ligne dit à la photographie choisie, comparé à ce qu'en dit la dernière ; durée et dates de
--   l'épisode en cours, ou du dernier pour une ligne sortie
-- absence : rien n'a changé ; durée d'une ligne vue sous le code 4 seulement
-- source : BDPM, fichier CIS_CIP_Dispo_Spec, toutes les photographies reçues
-- règle : « rechute » : passée du code 4 à un autre ; « aggravation » : de tension à rupture, ou vers un arrêt ;
--   « passage » : entrée puis sortie entre les deux photographies ; ce qu'aucune photographie n'a vu n'y est pas
-- calcul : à la lecture
WITH last_stretch AS (
    SELECT *
    FROM public_stretch
    QUALIFY ROW_NUMBER() OVER (PARTITION BY cis, COALESCE(cip13, '') ORDER BY stretch_no DESC) = 1
),
then_stretch AS (
    SELECT s.*
    FROM public_stretch AS s
    INNER JOIN chosen AS c ON c.photograph_on BETWEEN s.first_seen_on AND s.last_seen_on
),
compared AS (
    SELECT
        n.cis, n.cip13, n.spell_no, o.code AS previous_code, CASE WHEN n.is_current THEN n.code END AS code,
        n.code AS last_code, n.first_seen_on AS since_on, n.until_on
    FROM last_stretch AS n
    LEFT JOIN then_stretch AS o ON o.cis = n.cis AND COALESCE(o.cip13, '') = COALESCE(n.cip13, '')
    CROSS JOIN chosen AS c
    WHERE n.is_current OR n.last_seen_on >= c.photograph_on
)
SELECT
    CASE
        WHEN c.code IS NULL AND c.previous_code IS NULL THEN 'passage'
        WHEN c.code IS NULL THEN 'sortie'
        WHEN c.code = '4' THEN 'remise'
        WHEN c.previous_code IS NULL THEN 'entrée'
        WHEN c.previous_code = '4' THEN 'rechute'
        WHEN c.code = '2' OR c.previous_code = '3' THEN 'amélioration'
        ELSE 'aggravation'
    END AS movement,
    c.cis, c.cip13, s.denomination, s.dci, s.dci_key, c.previous_code, c.code, c.last_code, c.since_on, s.started_on,
    s.first_seen_on, s.left_on, s.duration_days, s.duration_is_minimum, s.return_last_on
FROM compared AS c
INNER JOIN public_spell AS s
    ON s.cis = c.cis AND COALESCE(s.cip13, '') = COALESCE(c.cip13, '') AND s.spell_no = c.spell_no
WHERE c.code IS DISTINCT FROM c.previous_code OR c.code IS NULL
ORDER BY movement, s.dci_key, c.cis, c.cip13
