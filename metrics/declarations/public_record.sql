-- Que disent les données ouvertes de chaque rupture : liste publique et déclarations closes rendues publiques ?
-- grain : épisode de la liste publique (spécialité × présentation), ou ligne de la diffusion publique
-- unité : jours
-- formule : épisodes vus dans les photographies, avec le code le plus grave tenu (rupture, puis arrêt, puis tension) ;
--   lignes de la diffusion publique, avec leur type et leurs causes
-- absence : DCI ou spécialité absentes du référentiel ; causes jamais publiées par la liste ; fin jamais publiée par la
--   diffusion ; type inconnu d'une ligne vue sous le code 4 seulement
-- source : BDPM, fichier CIS_CIP_Dispo_Spec ; déclarations closes rendues publiques (historique)
-- règle : deux sources côte à côte, jamais additionnées : un même fait peut être dans les deux ; le laboratoire est le
--   titulaire de la BDPM pour la liste, le déclarant pour la diffusion
-- état : bdpm, historique
WITH gravest AS (
    SELECT
        cis, cip13, spell_no,
        MIN(CASE code WHEN '1' THEN 1 WHEN '3' THEN 2 WHEN '2' THEN 3 END) AS rank
    FROM public_stretch
    GROUP BY cis, cip13, spell_no
),
listed AS (
    SELECT
        'liste' AS origin,
        CASE WHEN NOT e.is_current THEN 'terminee' WHEN e.code = '4' THEN 'remise' ELSE 'liste' END AS status,
        CASE
            WHEN e.is_current AND e.code = '1' THEN 'rupture'
            WHEN e.is_current AND e.code = '2' THEN 'tension'
            WHEN e.is_current AND e.code = '3' THEN 'arret'
            WHEN g.rank = 1 THEN 'rupture'
            WHEN g.rank = 2 THEN 'arret'
            WHEN g.rank = 3 THEN 'tension'
        END AS kind,
        e.dci_key, e.dci, e.cis, e.cip13, e.denomination, UPPER(s.holder) AS laboratory,
        CAST([] AS VARCHAR []) AS causes, SUBSTR(s.atc, 1, 1) AS atc_group,
        COALESCE(e.started_on, e.first_seen_on) AS began_on,
        CASE WHEN e.code = '4' THEN e.return_last_on WHEN NOT e.is_current THEN e.last_seen_on END AS ended_on,
        e.duration_days, e.duration_is_minimum, e.first_seen_on, e.left_on, e.times_put_off, FALSE AS is_copy
    FROM public_spell AS e
    INNER JOIN gravest AS g
        ON g.cis = e.cis AND COALESCE(g.cip13, '') = COALESCE(e.cip13, '') AND g.spell_no = e.spell_no
    LEFT JOIN speciality AS s ON s.cis = e.cis
),
class AS (
    SELECT cis, MIN(atc) AS atc FROM history_declaration WHERE atc IS NOT NULL GROUP BY cis
),
name AS (
    SELECT dci_key, MIN(dci) AS dci FROM speciality WHERE dci_key IS NOT NULL GROUP BY dci_key
),
released AS (
    SELECT
        'diffusion' AS origin, 'close' AS status, h.kind, h.dci_key, n.dci, h.cis, CAST(NULL AS VARCHAR) AS cip13,
        COALESCE(h.denomination, h.name) AS denomination, h.laboratory, h.causes,
        SUBSTR(COALESCE(s.atc, c.atc), 1, 1) AS atc_group, h.event_on AS began_on, CAST(NULL AS DATE) AS ended_on,
        CAST(NULL AS BIGINT) AS duration_days, CAST(NULL AS BOOLEAN) AS duration_is_minimum,
        CAST(NULL AS DATE) AS first_seen_on, CAST(NULL AS DATE) AS left_on, CAST(NULL AS INTEGER) AS times_put_off,
        h.is_copy
    FROM past_declaration AS h
    LEFT JOIN speciality AS s ON s.cis = h.cis
    LEFT JOIN class AS c ON c.cis = h.cis
    LEFT JOIN name AS n ON n.dci_key = h.dci_key
)
SELECT * FROM listed
UNION ALL
SELECT * FROM released
ORDER BY began_on DESC, dci_key, cis, cip13, origin
