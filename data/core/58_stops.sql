-- Quels arrêts de commercialisation sont annoncés, et de quelles présentations ?
-- The last line received of a number is in force: a date that moves comes as a new line.
CREATE TABLE stop_intention AS
SELECT
    stop_no, declared_on, laboratory, cis, cip13, stop_on, reason, share_town_pct, share_hospital_pct, review, alternatives,
    tellings, first_stop_on
FROM (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY stop_no ORDER BY load_id DESC, line DESC) AS rank,
        COUNT(*) OVER (PARTITION BY stop_no) AS tellings,
        FIRST_VALUE(stop_on) OVER (
            PARTITION BY stop_no ORDER BY load_id, line ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS first_stop_on
    FROM arrets_intention
) AS ranked
WHERE rank = 1
ORDER BY stop_no;

-- A line names one box, or a whole speciality.
CREATE TEMP TABLE stop_presentation AS
SELECT s.stop_no AS stop_no, s.stop_on AS stop_on, p.cip13 AS cip13, p.cis AS cis
FROM stop_intention AS s
INNER JOIN presentation AS p ON p.cip13 = s.cip13 OR (s.cip13 IS NULL AND p.cis = s.cis);

-- What may replace what: the same substances, a route in common, forms taken the same way.
CREATE TEMP TABLE speciality_use AS
SELECT
    cis, dci_key, string_split(routes, ';') AS routes,
    CASE
        WHEN REGEXP_MATCHES(words, 'inject|perfusion') THEN 'injectable'
        WHEN REGEXP_MATCHES(words, 'inhal') THEN 'à inhaler'
        WHEN REGEXP_MATCHES(words, 'buvable|sirop|goutte') THEN 'orale liquide'
        WHEN REGEXP_MATCHES(words, 'dispersible|effervescent|granul|poudre orale') THEN 'orale facile à avaler'
        WHEN REGEXP_MATCHES(words, 'liberation (prolongee|modifiee)') THEN 'orale solide, à libération modifiée'
        WHEN REGEXP_MATCHES(words, 'comprime|gelule|capsule') THEN 'orale solide'
        ELSE COALESCE(form, 'non précisée')
    END AS form_kind
FROM (SELECT *, LOWER(strip_accents(COALESCE(form, ''))) AS words FROM speciality) AS s
WHERE dci_key IS NOT NULL;
