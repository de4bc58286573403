-- Quelles lignes de la liste publique se contredisent ou ne se rattachent à rien ?
-- grain : photographie × ligne
-- unité : lignes
-- formule : libellé différent de celui de son code ; spécialité absente du référentiel en vigueur
-- absence : aucune anomalie
-- source : BDPM, fichiers CIS_CIP_Dispo_Spec et CIS_bdpm
-- règle : le code fait foi, la ligne est gardée et l'écart est dit
SELECT
    b.photograph_on, b.line, b.cis, b.code, b.label AS published_label,
    CASE
        WHEN s.cis IS NOT NULL THEN 'libellé contraire au code'
        WHEN LOWER(TRIM(COALESCE(b.label, ''))) <> c.plain_label
            THEN 'spécialité absente du référentiel, libellé contraire au code'
        ELSE 'spécialité absente du référentiel'
    END AS anomaly
FROM bdpm_availability AS b
INNER JOIN public_code AS c ON c.code = b.code
LEFT JOIN speciality AS s ON s.cis = b.cis
WHERE s.cis IS NULL OR LOWER(TRIM(COALESCE(b.label, ''))) <> c.plain_label
ORDER BY b.photograph_on DESC, anomaly, b.cis
