-- Quelles spécialités sont déclarées à la plateforme européenne, et le sont-elles aussi à TrustMed ?
-- grain : déclaration à l'ESMP (une par spécialité), dans sa dernière version
-- unité : % de part de marché
-- formule : dernière version reçue ; rapprochée des déclarations TrustMed des présentations de la même spécialité
-- absence : champ non renseigné, ou spécialité inconnue du référentiel
-- source : ESMP (EMA), TrustMed, référentiel public (BDPM)
-- règle : « absente » d'ici : la France est touchée et TrustMed n'a, sur la spécialité, ni déclaration ouverte, ni
--   déclaration close depuis le début européen. « close » : il y en a eu une, close depuis. « ailleurs » : la France
--   n'est pas citée. TrustMed ne reçoit que les MITM : is_mitm dit si une déclaration y était due.
-- état : esmp, trustmed
WITH named AS (
    SELECT
        esmp_no, COUNT(*) AS specialities, MIN(cis) AS cis, MIN_BY(denomination, cis) AS denomination,
        MIN_BY(dci, cis) AS dci, MIN_BY(dci_key, cis) AS dci_key, MIN_BY(atc, cis) AS atc, BOOL_OR(is_mitm) AS is_mitm
    FROM european_speciality
    GROUP BY esmp_no
),
other AS (
    SELECT esmp_no, LIST(state ORDER BY state) AS other_states
    FROM (SELECT esmp_no, UNNEST(member_states) AS state FROM european_last) AS named_state
    WHERE state <> 'France'
    GROUP BY esmp_no
),
here AS (
    SELECT
        s.esmp_no, COUNT(CASE WHEN d.status = 'ouverte' THEN 1 END) AS trustmed_open,
        COUNT(CASE WHEN d.status = 'close' AND d.closed_on >= e.start_on THEN 1 END) AS trustmed_closed,
        MAX(d.updated_on) AS trustmed_updated_on
    FROM european_speciality AS s
    INNER JOIN european_last AS e ON e.esmp_no = s.esmp_no
    INNER JOIN declaration AS d ON d.cis = s.cis
    GROUP BY s.esmp_no
)
SELECT
    e.esmp_no, e.versions, e.version_no, COALESCE(n.cis, e.cis) AS cis, e.eu_number,
    COALESCE(n.specialities, 0) AS specialities, n.denomination, n.dci, n.dci_key, n.atc,
    COALESCE(n.is_mitm, FALSE) AS is_mitm, e.kind, e.status, e.member_states,
    COALESCE(o.other_states, []) AS other_states,
    list_contains(e.member_states, 'France') AS is_here, e.start_on, e.expected_end_on, e.causes, e.share_pct,
    e.alternatives, e.measures, e.updated_on, COALESCE(h.trustmed_open, 0) AS trustmed_open, h.trustmed_updated_on,
    CASE
        WHEN n.esmp_no IS NULL THEN 'inconnue'
        WHEN NOT list_contains(e.member_states, 'France') THEN 'ailleurs'
        WHEN h.trustmed_open > 0 THEN 'ouverte'
        WHEN h.trustmed_closed > 0 THEN 'close'
        ELSE 'absente'
    END AS trustmed_presence
FROM european_last AS e
LEFT JOIN named AS n ON n.esmp_no = e.esmp_no
LEFT JOIN other AS o ON o.esmp_no = e.esmp_no
LEFT JOIN here AS h ON h.esmp_no = e.esmp_no
ORDER BY e.esmp_no
