-- Quel plan de gestion chaque spécialité a-t-elle remis, et à qui en est-il dû un ?
-- Of a speciality and year, the last sheet received; of a speciality, its last year.
CREATE TEMP TABLE plan_sheet AS
SELECT * EXCLUDE (newest)
FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY cis ORDER BY year DESC) AS newest
    FROM last_line('pgp_plan', (cis, year))
) AS ranked
WHERE newest = 1;

-- A plan is due for each MITM and each vaccine of the calendar on the market.
CREATE TEMP TABLE plan_due AS
SELECT s.cis
FROM speciality AS s
WHERE s.marketing_state = 'Commercialisée'
    AND (s.is_mitm OR s.cis IN (SELECT l.cis FROM speciality_list AS l WHERE l.list = 'vaccin'));

-- The campaign: the last year, not later than the day of the snapshot, of a sheet of a speciality that owes a plan. A
-- sheet of next year, or of a speciality that owes none, calls nobody late.
CREATE TEMP TABLE plan_campaign AS
SELECT MAX(s.year) AS year
FROM pgp_plan AS s
INNER JOIN plan_due AS d ON d.cis = s.cis
CROSS JOIN parameter AS p
WHERE s.year <= EXTRACT(YEAR FROM p.as_of);
