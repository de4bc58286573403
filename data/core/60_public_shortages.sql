-- Que dit la liste publique des ruptures, photographie après photographie ?
CREATE TEMP TABLE photograph AS
SELECT
    b.load_id AS load_id, MIN(b.photograph_on) AS photograph_on, MIN(l.received_at) AS received_at,
    ROW_NUMBER() OVER (ORDER BY MIN(b.photograph_on), b.load_id) AS photograph_no
FROM bdpm_availability AS b
INNER JOIN load AS l ON l.load_id = b.load_id
GROUP BY b.load_id;

-- Days of the list: the last photograph of each, and those on which the download was the one kept before.
CREATE TEMP TABLE photograph_day AS
SELECT photograph_on, MAX(photograph_no) AS photograph_no FROM photograph GROUP BY photograph_on
UNION ALL
SELECT l.seen_on AS photograph_on, MAX(p.photograph_no) AS photograph_no
FROM look AS l
INNER JOIN photograph AS p ON p.photograph_on < l.seen_on
WHERE l.source_key = 'bdpm' AND l.name = 'CIS_CIP_Dispo_Spec.txt'
    AND l.seen_on NOT IN (SELECT photograph_on FROM photograph)
GROUP BY l.seen_on;

-- Key of a line: speciality and presentation (an empty presentation stands for all of them).
CREATE TEMP TABLE public_line AS
SELECT
    p.photograph_no AS photograph_no, p.photograph_on AS photograph_on, b.cis AS cis,
    COALESCE(b.cip13, '') AS cip13, b.code AS code, b.label AS label, b.started_on AS started_on,
    b.updated_on AS updated_on, b.returned_on AS returned_on, b.url AS url,
    ROW_NUMBER() OVER (
        PARTITION BY b.load_id, b.cis, COALESCE(b.cip13, '') ORDER BY b.updated_on DESC, b.code, b.line
    ) AS rank
FROM bdpm_availability AS b
INNER JOIN photograph AS p ON p.load_id = b.load_id;

CREATE TEMP TABLE public_code AS
SELECT codes.* FROM (
    VALUES
    ('1', 'Rupture de stock', 'rupture de stock'),
    ('2', 'Tension d''approvisionnement', 'tension d''approvisionnement'),
    ('3', 'Arrêt de commercialisation', 'arrêt de commercialisation'),
    ('4', 'Remise à disposition', 'remise à disposition')
) AS codes (code, status_label, plain_label);
