-- Quelles déclarations closes l'ANSM a-t-elle rendues publiques ?
-- A later release replaces an earlier one year by year; a few stray lines of a year do not replace that year, and lines
-- sent back corrected belong to the release they correct.
CREATE TEMP TABLE history_row AS
SELECT * FROM with_file('historique_declaration');

CREATE TEMP TABLE history_load AS
SELECT year, MAX(file_id) AS file_id
FROM (
    SELECT
        file_id, EXTRACT(YEAR FROM event_on) AS year, COUNT(*) AS lines,
        MAX(COUNT(*)) OVER (PARTITION BY EXTRACT(YEAR FROM event_on)) AS most_lines
    FROM history_row
    GROUP BY file_id, EXTRACT(YEAR FROM event_on)
) AS counted
CROSS JOIN parameter AS p
WHERE 100 * lines >= p.history_whole_pct * most_lines
GROUP BY year;

-- ``copy_no``: 1 for the first of identical lines. They are all kept: the release does not distinguish presentations.
CREATE TABLE history_declaration AS
SELECT
    h.cis, h.name, h.kind, h.causes, h.event_on, h.atc, h.molecule, UPPER(h.laboratory) AS laboratory, h.town_patients,
    ROW_NUMBER() OVER (
        PARTITION BY h.cis, h.name, h.kind, h.causes, h.event_on, h.atc, h.molecule, h.laboratory, h.town_patients
        ORDER BY h.line
    ) AS copy_no,
    h.load_id, h.line
FROM history_row AS h
INNER JOIN history_load AS l ON l.file_id = h.file_id AND l.year = EXTRACT(YEAR FROM h.event_on)
ORDER BY h.event_on, h.cis, h.line;
