-- Qui commercialise vraiment, et quels arrêts n'ont pas de dossier ?
-- grain : spécialité du Codex ou de la BDPM, dès qu'un extrait du Codex est reçu
-- unité : spécialités
-- formule : arrêtée au Codex = date d'arrêt passée, sans commercialisation reprise depuis ; commercialisée à la BDPM =
--   une de ses présentations l'est
-- absence : date non écrite au Codex ; spécialité absente de l'une des deux bases
-- source : Codex (ANSM), référentiel public (BDPM), intentions d'arrêt
-- règle : une vérification, jamais un remplacement : aucun dénominateur ne lit le Codex. Arrêt silencieux : une date
--   d'arrêt, passée ou à venir, sans dossier dans le registre pour la spécialité ni pour une de ses présentations, et
--   depuis le premier dossier du registre : un arrêt plus ancien ne pouvait pas y être. Une date d'arrêt antérieure à
--   la date de commercialisation est celle d'un arrêt fini.
-- état : codex, arrets, bdpm
WITH register AS (
    SELECT MIN(declared_on) AS begins_on FROM stop_intention
),
both_bases AS (
    SELECT
        COALESCE(c.cis, s.cis) AS cis, COALESCE(s.denomination, c.denomination) AS denomination,
        COALESCE(s.dci, c.dci) AS dci, COALESCE(s.dci_key, d.dci_key) AS dci_key, s.atc,
        COALESCE(s.is_mitm, FALSE) AS is_mitm, c.exploitant, COALESCE(s.holder, c.holder) AS holder, c.amm_type,
        c.marketed_on, c.stopped_on, c.is_essential = 'oui' AS is_essential, c.is_eu_critical = 'oui' AS is_eu_critical,
        c.extracted_on, s.cis IS NOT NULL AS is_in_bdpm, COALESCE(m.marketed, 0) AS marketed_presentations,
        CASE
            WHEN c.cis IS NULL THEN 'absente'
            WHEN c.marketed_on > p.as_of THEN 'jamais'
            WHEN c.stopped_on <= p.as_of AND (c.marketed_on IS NULL OR c.marketed_on <= c.stopped_on) THEN 'arretee'
            WHEN c.marketed_on IS NULL THEN 'jamais'
            ELSE 'commercialisee'
        END AS codex_state
    FROM codex_line AS c
    CROSS JOIN parameter AS p
    FULL OUTER JOIN speciality AS s ON s.cis = c.cis
    LEFT JOIN codex_dci AS d ON d.cis = c.cis
    LEFT JOIN public_market AS m ON m.cis = s.cis
)
SELECT
    b.*, f.stop_no, date_diff('day', b.stopped_on, p.as_of) AS stopped_days,
    CASE
        WHEN b.codex_state = 'absente' AND b.marketed_presentations > 0 THEN 'absente_codex'
        WHEN b.codex_state = 'arretee' AND b.marketed_presentations > 0 THEN 'arretee_codex'
        WHEN b.codex_state = 'jamais' AND b.marketed_presentations > 0 THEN 'jamais_codex'
        WHEN b.codex_state = 'commercialisee' AND NOT b.is_in_bdpm THEN 'absente_bdpm'
        WHEN b.codex_state = 'commercialisee' AND b.marketed_presentations = 0 THEN 'arretee_bdpm'
    END AS market_gap,
    b.stopped_on IS NOT NULL AND (b.marketed_on IS NULL OR b.marketed_on <= b.stopped_on) AND f.stop_no IS NULL
    AND COALESCE(b.stopped_on >= r.begins_on, FALSE) AS is_silent_stop,
    b.is_mitm AND b.codex_state IN ('arretee', 'jamais') AS is_mitm_unmarketed
FROM both_bases AS b
CROSS JOIN parameter AS p
CROSS JOIN register AS r
LEFT JOIN stop_filed AS f ON f.cis = b.cis
WHERE EXISTS (SELECT 1 FROM codex_line)
ORDER BY b.cis
