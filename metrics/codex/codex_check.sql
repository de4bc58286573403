-- Les dénominateurs tiennent-ils, quand on les compte avec le Codex ?
-- grain : une ligne, dès qu'un extrait du Codex est reçu
-- unité : spécialités
-- formule : comptes des spécialités commercialisées, selon la BDPM et selon le Codex, et de leurs écarts
-- absence : aucun extrait du Codex
-- source : Codex (ANSM), référentiel public (BDPM), intentions d'arrêt
-- règle : seule la BDPM compte dans les indicateurs ; l'écart est dit, jamais appliqué. Ni spécialité, ni laboratoire :
--   partageable
-- état : codex, bdpm
SELECT
    MAX(extracted_on) AS extracted_on,
    COUNT(CASE WHEN marketed_presentations > 0 THEN 1 END) AS bdpm_marketed,
    COUNT(CASE WHEN codex_state = 'commercialisee' THEN 1 END) AS codex_marketed,
    COUNT(CASE WHEN is_mitm AND marketed_presentations > 0 THEN 1 END) AS bdpm_mitm_marketed,
    COUNT(CASE WHEN is_mitm AND codex_state = 'commercialisee' THEN 1 END) AS codex_mitm_marketed,
    COUNT(DISTINCT CASE WHEN is_mitm AND codex_state = 'commercialisee' THEN folded(exploitant) END)
        AS codex_mitm_exploitants,
    COUNT(CASE WHEN market_gap = 'arretee_codex' THEN 1 END) AS stopped_in_codex,
    COUNT(CASE WHEN market_gap = 'jamais_codex' THEN 1 END) AS never_in_codex,
    COUNT(CASE WHEN market_gap = 'absente_codex' THEN 1 END) AS absent_from_codex,
    COUNT(CASE WHEN market_gap = 'arretee_bdpm' THEN 1 END) AS unmarketed_in_bdpm,
    COUNT(CASE WHEN market_gap = 'absente_bdpm' THEN 1 END) AS absent_from_bdpm,
    COUNT(CASE WHEN is_mitm_unmarketed THEN 1 END) AS mitm_unmarketed,
    COUNT(CASE WHEN is_silent_stop THEN 1 END) AS silent_stops,
    COUNT(CASE WHEN is_silent_stop AND is_mitm THEN 1 END) AS silent_mitm_stops
FROM codex_speciality
HAVING COUNT(*) > 0
