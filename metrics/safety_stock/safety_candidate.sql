-- Quelles spécialités ont manqué assez souvent pour qu'un stock de quatre mois se pose ?
-- grain : spécialité soumise à un stock de sécurité, déclarée dans les deux années civiles précédentes
-- unité : mois civils, déclarations
-- formule : mois distincts où une rupture ou un risque de rupture de la spécialité a été déclaré, dans les deux années
--   civiles qui précèdent celle de l'instantané ; candidate à partir du seuil, si elle doit moins de quatre mois
-- absence : année d'aucune source : known_months dit combien des 24 mois sont connus
-- source : TrustMed et diffusion publique, une seule source par année ; listes
-- règle : le stock peut être augmenté quand la spécialité fait l'objet de ruptures ou de risques de rupture réguliers
--   dans les deux années civiles précédentes (CSP R. 5124-49-4 ; IGAS 2025-002R, § 271 et annexe 2, § 9). Les boîtes
--   déclarées le même mois ne font qu'une fois. Une candidate est à examiner, elle ne doit pas encore quatre mois.
-- seuils : safety_repeat_months, safety_raised_months
WITH period AS (
    SELECT EXTRACT(YEAR FROM as_of) - 2 AS first_year, EXTRACT(YEAR FROM as_of) - 1 AS last_year FROM parameter
),
history_length AS (
    SELECT COUNT(DISTINCT c.month) AS known_months
    FROM monthly_calendar AS c
    INNER JOIN period AS y ON c.year BETWEEN y.first_year AND y.last_year
),
declared AS (
    SELECT
        l.speciality_key AS cis, COUNT(DISTINCT date_trunc('month', l.declared_on)) AS declared_months,
        COUNT(*) AS declarations, COUNT(CASE WHEN l.kind = 'rupture' THEN 1 END) AS ruptures,
        COUNT(DISTINCT EXTRACT(YEAR FROM l.declared_on)) AS declared_years, MAX(l.declared_on) AS last_declared_on
    FROM monthly_line AS l
    INNER JOIN monthly_year AS s ON s.year = EXTRACT(YEAR FROM l.declared_on) AND s.source_key = l.source_key
    INNER JOIN period AS y ON EXTRACT(YEAR FROM l.declared_on) BETWEEN y.first_year AND y.last_year
    WHERE NOT l.is_copy
    GROUP BY l.speciality_key
),
owed AS (
    SELECT d.cis, MIN_BY(d.months, d.priority) AS duty_months, MIN_BY(d.origin, d.priority) AS duty_origin
    FROM stock_duty AS d
    CROSS JOIN parameter AS p
    WHERE d.since_on <= p.as_of
    GROUP BY d.cis
)
SELECT
    d.cis, s.denomination, s.dci, s.dci_key, s.holder, CAST(y.first_year AS INTEGER) AS first_year,
    CAST(y.last_year AS INTEGER) AS last_year, k.known_months, d.declared_months, d.declared_years, d.declarations,
    d.ruptures, d.last_declared_on, o.duty_months, o.duty_origin,
    d.declared_months >= p.safety_repeat_months AND o.duty_months < p.safety_raised_months AS is_candidate
FROM declared AS d
INNER JOIN owed AS o ON o.cis = d.cis
INNER JOIN speciality AS s ON s.cis = d.cis
CROSS JOIN period AS y
CROSS JOIN history_length AS k
CROSS JOIN parameter AS p
ORDER BY d.cis
