-- Que dit la liste publique de l'ANSM pour cette spécialité ?
-- grain : ligne de la dernière photographie de la liste publique
-- unité : dates
-- formule : lignes du dernier fichier « disponibilité » reçu ; le code fait foi, le libellé qui le contredit est
--   signalé
-- absence : date de remise à disposition non annoncée
-- source : BDPM, fichier CIS_CIP_Dispo_Spec
-- règle : une présentation vide vaut pour toutes les présentations de la spécialité ; seuls les MITM sans alternative
--   sont publiés : ne pas être sur la liste ne veut pas dire être disponible
-- état : bdpm
SELECT
    b.cis, b.cip13, b.code, c.status_label, b.label AS published_label, b.started_on, b.updated_on, b.returned_on,
    b.url,
    s.denomination, s.dci, s.dci_key,
    LOWER(TRIM(COALESCE(b.label, ''))) <> c.plain_label AS label_disagrees,
    s.cis IS NULL AS is_orphan,
    p.photograph_on AS photograph_at
FROM bdpm_availability AS b
INNER JOIN photograph AS p ON p.load_id = b.load_id
INNER JOIN public_code AS c ON c.code = b.code
LEFT JOIN speciality AS s ON s.cis = b.cis
WHERE p.photograph_no = (SELECT MAX(photograph_no) FROM photograph)
ORDER BY s.dci_key, b.code, b.cis, b.cip13
