-- Qui pouvait avoir à déclarer, année par année ?
-- The public referential names holders of authorisations, not the laboratories that market: declarations, which those
-- laboratories send, are counted here by the holder of what they declare. A year is only known by a photograph taken in
-- it: the last one of that year.
CREATE TEMP TABLE photograph_year AS
SELECT
    kind, EXTRACT(YEAR FROM photograph_on) AS year,
    MAX_BY(load_id, CAST(photograph_on AS VARCHAR) || load_id) AS load_id, MAX(photograph_on) AS photograph_on
FROM (
    SELECT DISTINCT 'speciality' AS kind, load_id, photograph_on FROM bdpm_speciality
    UNION ALL
    SELECT DISTINCT 'mitm' AS kind, load_id, photograph_on FROM bdpm_mitm
) AS received
GROUP BY kind, EXTRACT(YEAR FROM photograph_on);

CREATE TEMP TABLE year_speciality AS
SELECT
    y.year, s.cis, folded(s.holder) AS holder_key,
    m.cis IS NOT NULL AND s.marketing_state = 'Commercialisée' AS is_liable, y.photograph_on
FROM photograph_year AS y
INNER JOIN bdpm_speciality AS s ON s.load_id = y.load_id
INNER JOIN photograph_year AS l ON l.kind = 'mitm' AND l.year = y.year
LEFT JOIN (SELECT DISTINCT load_id, cis FROM bdpm_mitm) AS m ON m.load_id = l.load_id AND m.cis = s.cis
WHERE y.kind = 'speciality' AND s.holder IS NOT NULL;

CREATE TEMP TABLE liable_holder AS
SELECT year, holder_key, MAX(photograph_on) AS photograph_on
FROM year_speciality
WHERE is_liable
GROUP BY year, holder_key;
