-- Quelles spécialités les déclarations à la plateforme européenne désignent-elles, dans leur dernière version ?
-- As in TrustMed: of a version, the last line received; of a declaration, the highest version.
CREATE TEMP TABLE european_last AS
SELECT * EXCLUDE (newest)
FROM (
    SELECT
        *, ROW_NUMBER() OVER (PARTITION BY esmp_no ORDER BY version_no DESC) AS newest,
        COUNT(*) OVER (PARTITION BY esmp_no) AS versions,
        -- EU/1/99/103/004 is a box of EU/1/99/103.
        NULLIF(REGEXP_EXTRACT(UPPER(REPLACE(COALESCE(eu_number, ''), ' ', '')), 'EU/[0-9]/[0-9]{2}/[0-9]{3,4}'), '')
            AS eu_product
    FROM last_line('esmp_version', (esmp_no, version_no))
) AS ranked
WHERE newest = 1;

-- A CIS names one speciality; without it, a European number names every speciality of its product.
CREATE TEMP TABLE european_speciality AS
WITH numbered AS (
    SELECT
        s.cis AS cis,
        REGEXP_EXTRACT(UPPER(REPLACE(COALESCE(s.eu_number, ''), ' ', '')), 'EU/[0-9]/[0-9]{2}/[0-9]{3,4}') AS eu_product
    FROM bdpm_speciality AS s
    INNER JOIN in_force AS f ON f.kind = 'speciality' AND f.load_id = s.load_id
)
SELECT e.esmp_no, s.cis, s.denomination, s.dci, s.dci_key, s.atc, s.is_mitm
FROM european_last AS e
INNER JOIN speciality AS s ON s.cis = e.cis
UNION ALL
SELECT e.esmp_no, s.cis, s.denomination, s.dci, s.dci_key, s.atc, s.is_mitm
FROM european_last AS e
ANTI JOIN speciality AS k ON k.cis = e.cis
INNER JOIN numbered AS n ON n.eu_product = e.eu_product
INNER JOIN speciality AS s ON s.cis = n.cis;
