-- Quel plan de gestion chaque spécialité a-t-elle remis, et à qui en est-il dû un ?
-- Of a speciality and year, the last sheet received; of a speciality, its last year.
CREATE TEMP TABLE plan_sheet AS
SELECT * EXCLUDE (newest)
FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY cis ORDER BY year DESC) AS newest
    FROM last_line('pgp_plan', (cis, year))
) AS ranked
WHERE newest = 1;

-- The last campaign of which a plan was read.
CREATE TEMP TABLE plan_campaign AS
SELECT MAX(year) AS year FROM plan_sheet;

-- A plan is due for each MITM and each vaccine of the calendar on the market.
CREATE TEMP TABLE plan_due AS
SELECT s.cis
FROM speciality AS s
WHERE s.marketing_state = 'Commercialisée'
    AND (s.is_mitm OR s.cis IN (SELECT l.cis FROM speciality_list AS l WHERE l.list = 'vaccin'));
