-- Quelles déclarations closes de chaque DCI l'ANSM a-t-elle rendues publiques ?
-- grain : ligne de la diffusion publique (les lignes identiques sont gardées : elle ne distingue pas les présentations)
-- unité : date
-- formule : DCI de la spécialité au référentiel ; à défaut, molécule écrite dans la diffusion, substances triées
-- absence : « denomination » et « dci_key » vides : spécialité et molécule absentes du référentiel
-- source : déclarations closes rendues publiques (historique) ; BDPM
-- règle : déclarations closes seulement, des années diffusées ; ni numéro, ni clôture : on ne sait pas quand le
--   médicament est revenu
WITH named AS (
    SELECT
        h.*,
        ARRAY_TO_STRING(
            LIST_SORT(
                REGEXP_SPLIT_TO_ARRAY(
                    REGEXP_REPLACE(
                        REGEXP_REPLACE(folded(h.molecule), '\s*(?:,|\+|/| et )\s*', '§', 'g'), '[^a-z0-9§]+', '-', 'g'
                    ), '§'
                )
            ), '--'
        ) AS molecule_key
    FROM history_declaration AS h
),
known_dci AS (
    SELECT DISTINCT dci_key FROM speciality WHERE dci_key IS NOT NULL
)
SELECT
    COALESCE(s.dci_key, y.dci_key, k.dci_key) AS dci_key, EXTRACT(YEAR FROM n.event_on) AS year, n.event_on, n.kind,
    n.causes, n.cis, s.denomination, n.name, n.laboratory, n.copy_no > 1 AS is_copy
FROM named AS n
LEFT JOIN speciality AS s ON s.cis = n.cis
LEFT JOIN dci_synonym AS y ON y.name_key = n.molecule_key
LEFT JOIN known_dci AS k ON k.dci_key = n.molecule_key
ORDER BY 1, n.event_on DESC, n.cis, n.line
