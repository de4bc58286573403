-- Combien de médicaments dépendent de chaque site, et combien n'en ont pas d'autre ?
-- grain : site d'un état des lieux en vigueur
-- unité : DCI, spécialités
-- formule : spécialités et DCI distinctes dont une étape au moins se fait sur le site ; sans autre site : la seule de
--   cette étape pour la spécialité
-- absence : pays non écrit ou non reconnu
-- source : états des lieux annuels des laboratoires, référentiel public (BDPM), listes, TrustMed
-- règle : compte ce qui est écrit dans les états reçus : un laboratoire qui n'a rien envoyé manque, et un site écrit
--   de deux façons compte pour deux. Une déclaration ouverte est celle d'une spécialité du site, pour une cause
--   quelconque : elle ne dit pas que le site est en cause.
-- état : edl, trustmed
WITH made AS (
    SELECT
        p.site_key, p.site_name, p.country_code, p.country, p.is_in_union, p.place, p.step, p.cis,
        p.dci_key, p.laboratory, p.year, p.is_only_site, p.is_mitm, p.is_subcontractor, s.open_declarations, s.mitm_gap
    FROM site_step AS p
    INNER JOIN site_speciality AS s ON s.cis = p.cis
),
opened AS (
    SELECT site_key, SUM(open_declarations) AS open_declarations
    FROM (SELECT DISTINCT site_key, cis, open_declarations FROM made) AS one
    GROUP BY site_key
),
unread AS (
    SELECT site_key, STRING_AGG(DISTINCT unread_country, ' ; ' ORDER BY unread_country) AS unread_country
    FROM named_site
    GROUP BY site_key
),
spelt AS (
    SELECT key, COUNT(DISTINCT spelling) AS spellings, STRING_AGG(DISTINCT spelling, ' ; ' ORDER BY spelling) AS written
    FROM identity
    WHERE kind = 'site'
    GROUP BY key
)
SELECT
    m.site_key, MIN(m.site_name) AS site_name, m.country_code, m.country, m.is_in_union, m.place,
    MIN(u.unread_country) AS unread_country,
    STRING_AGG(DISTINCT m.step, ', ' ORDER BY m.step) AS steps,
    COUNT(DISTINCT m.cis) AS specialities, COUNT(DISTINCT m.dci_key) AS dcis,
    COUNT(DISTINCT CASE WHEN m.is_mitm THEN m.cis END) AS mitm_specialities,
    COUNT(DISTINCT CASE WHEN m.is_only_site THEN m.cis END) AS only_specialities,
    COUNT(DISTINCT CASE WHEN m.is_only_site THEN m.dci_key END) AS only_dcis,
    COUNT(DISTINCT CASE WHEN m.mitm_gap = 'dit_absent' THEN m.cis END) AS unlisted_specialities,
    COUNT(DISTINCT m.laboratory) AS laboratories, MAX(m.year) AS year, MIN(o.open_declarations) AS open_declarations,
    MIN(i.written) AS written, MIN(i.spellings) AS spellings
FROM made AS m
INNER JOIN opened AS o ON o.site_key = m.site_key
INNER JOIN unread AS u ON u.site_key = m.site_key
LEFT JOIN spelt AS i ON i.key = CASE
    WHEN m.country_code IS NULL THEN m.site_key ELSE LEFT(m.site_key, LENGTH(m.site_key) - 3)
END
GROUP BY m.site_key, m.country_code, m.country, m.is_in_union, m.place
ORDER BY dcis DESC, specialities DESC, m.site_key
