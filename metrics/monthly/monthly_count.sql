-- Combien de déclarations, de spécialités, de déclarants et de clôtures, dans le mois et depuis janvier ?
-- grain : mois × période (mois, cumul depuis janvier)
-- unité : déclarations, spécialités, laboratoires, dossiers
-- formule : déclarations brutes ; copies = lignes identiques en tout point à une autre ; spécialités distinctes dans la
--   période ; déclarants = laboratoires (exploitants) distincts ; liable_holders : titulaires d'au moins un MITM
--   commercialisé, au dernier référentiel reçu de l'année ; declaring_holders : ceux d'entre eux dont une spécialité
--   est déclarée dans la période. La BDPM nomme des titulaires, non des exploitants : le rapport compte des titulaires
--   des deux côtés. Clôtures datées de la première version de la dernière suite de versions closes ; left_aside :
--   déclarations de l'année dans l'autre source, non comptées
-- absence : clôtures inconnues : la diffusion publique n'a pas de date de clôture ; aucun référentiel reçu de
--   l'année : pas de base, pas de rapport (celle d'aujourd'hui ne vaut pas pour une année passée)
-- source : TrustMed, ou déclarations closes rendues publiques (historique) ; une seule source par année
-- règle : IGAS 2025-002R, § 72 : comptes bruts, retraités par spécialité, déclarants rapportés aux laboratoires
--   susceptibles de déclarer, dossiers clôturés. Une spécialité déclarée deux mois compte une fois dans le cumul : les
--   mois ne s'y additionnent pas
WITH counted AS (
    SELECT
        s.month, s.span, COUNT(*) AS declarations, COUNT(CASE WHEN d.kind = 'rupture' THEN 1 END) AS ruptures,
        COUNT(CASE WHEN d.kind = 'risque' THEN 1 END) AS risks, COUNT(CASE WHEN d.is_copy THEN 1 END) AS copies,
        COUNT(DISTINCT d.speciality_key) AS specialities, COUNT(DISTINCT d.dci_key) AS dcis,
        COUNT(DISTINCT d.laboratory_key) AS declarants
    FROM monthly_span AS s
    INNER JOIN monthly_declaration AS d ON d.month = s.counted_month AND d.source_key = s.source_key
    GROUP BY s.month, s.span
),
closed AS (
    SELECT s.month, s.span, COUNT(*) AS closed
    FROM monthly_span AS s
    INNER JOIN monthly_declaration AS d ON d.closed_month = s.counted_month AND d.source_key = s.source_key
    CROSS JOIN parameter AS p
    WHERE d.closed_on <= p.as_of
    GROUP BY s.month, s.span
),
uncounted AS (
    SELECT EXTRACT(YEAR FROM d.month) AS year, COUNT(*) AS left_aside
    FROM monthly_declaration AS d
    CROSS JOIN parameter AS p
    WHERE NOT d.is_counted AND d.declared_on <= p.as_of
    GROUP BY EXTRACT(YEAR FROM d.month)
),
liable AS (
    SELECT year, COUNT(*) AS liable_holders, MAX(photograph_on) AS liable_on
    FROM liable_holder
    GROUP BY year
),
declaring AS (
    SELECT s.month, s.span, COUNT(DISTINCT h.holder_key) AS declaring_holders
    FROM monthly_span AS s
    INNER JOIN monthly_declaration AS d ON d.month = s.counted_month AND d.source_key = s.source_key
    INNER JOIN year_speciality AS y ON y.cis = d.speciality_key AND y.year = EXTRACT(YEAR FROM s.month)
    INNER JOIN liable_holder AS h ON h.year = y.year AND h.holder_key = y.holder_key
    GROUP BY s.month, s.span
),
spans AS (
    SELECT
        s.month, s.span, s.source_key, MIN(s.counted_month) AS first_month,
        LEAST(s.month + INTERVAL 1 MONTH - INTERVAL 1 DAY, MAX(p.as_of)) AS counted_to
    FROM monthly_span AS s
    CROSS JOIN parameter AS p
    GROUP BY s.month, s.span, s.source_key
)
SELECT
    s.month, s.span, s.source_key, s.first_month, CAST(s.counted_to AS DATE) AS counted_to,
    COALESCE(c.declarations, 0) AS declarations, COALESCE(c.ruptures, 0) AS ruptures, COALESCE(c.risks, 0) AS risks,
    COALESCE(c.copies, 0) AS copies, COALESCE(c.specialities, 0) AS specialities, COALESCE(c.dcis, 0) AS dcis,
    COALESCE(c.declarants, 0) AS declarants, l.liable_holders,
    CASE WHEN l.liable_holders IS NOT NULL THEN COALESCE(h.declaring_holders, 0) END AS declaring_holders, l.liable_on,
    CASE WHEN s.source_key = 'trustmed' THEN COALESCE(x.closed, 0) END AS closed,
    COALESCE(a.left_aside, 0) AS left_aside
FROM spans AS s
LEFT JOIN liable AS l ON l.year = EXTRACT(YEAR FROM s.month)
LEFT JOIN declaring AS h ON h.month = s.month AND h.span = s.span
LEFT JOIN counted AS c ON c.month = s.month AND c.span = s.span
LEFT JOIN closed AS x ON x.month = s.month AND x.span = s.span
LEFT JOIN uncounted AS a ON a.year = EXTRACT(YEAR FROM s.month)
ORDER BY s.month, s.span
