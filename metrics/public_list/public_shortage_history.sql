-- Qu'a dit la liste publique de l'ANSM de cette spécialité, photographie après photographie ?
-- grain : ligne de la liste publique (spécialité × présentation × fiche), à sa dernière apparition
-- unité : dates
-- formule : première et dernière photographies où la ligne figure ; « en cours » si elle est dans la dernière
-- absence : spécialité jamais vue dans les photographies reçues
-- source : BDPM, fichier CIS_CIP_Dispo_Spec, toutes les photographies reçues
-- règle : une ligne qui quitte la liste est gardée avec la date de sa dernière photographie
WITH ranked_line AS (
    SELECT
        l.*,
        ROW_NUMBER() OVER (PARTITION BY l.cis, l.cip13, l.url ORDER BY l.photograph_no DESC, l.rank) AS recency,
        MIN(l.photograph_on) OVER (PARTITION BY l.cis, l.cip13, l.url) AS first_seen_on
    FROM public_line AS l
)
SELECT
    s.cis, NULLIF(s.cip13, '') AS cip13, s.code, c.status_label, s.started_on, s.updated_on, s.returned_on, s.url,
    p.denomination, p.dci, p.dci_key, s.first_seen_on, s.photograph_on AS last_seen_on,
    s.photograph_no = (SELECT MAX(photograph_no) FROM photograph) AS is_current
FROM ranked_line AS s
INNER JOIN public_code AS c ON c.code = s.code
LEFT JOIN speciality AS p ON p.cis = s.cis
WHERE s.recency = 1
ORDER BY p.dci_key, is_current DESC, s.updated_on DESC, s.cis
