-- Combien d'unités chaque boîte contient-elle ?
-- A size decided by hand (references) wins over the one read in the label (data/building/box_size.py). No guess: a label
-- that says no quantity leaves NULL, and boxes of such a speciality are added only if they are all the same one.
CREATE TABLE presentation_size AS
WITH decided AS (
    SELECT cip13, units, unit_word, reason, author
    FROM last_line('references_size', cip13)
)
SELECT
    p.cip13 AS cip13, COALESCE(d.units, s.units) AS units, COALESCE(d.unit_word, s.unit_word) AS unit_word,
    CASE
        WHEN d.cip13 IS NOT NULL THEN 'saisie manuelle'
        WHEN s.units IS NOT NULL THEN 'libellé'
        ELSE 'non lue'
    END AS origin,
    CASE WHEN d.cip13 IS NULL THEN s.containers END AS containers,
    CASE WHEN d.cip13 IS NULL THEN s.container_word END AS container_word,
    CASE WHEN d.cip13 IS NULL THEN s.content END AS content, d.reason AS size_reason, d.author AS size_author
FROM presentation AS p
LEFT JOIN label_size AS s ON s.label = p.label
LEFT JOIN decided AS d ON d.cip13 = p.cip13
ORDER BY p.cip13;

-- Boxes of one speciality that can be added: in the unit all their labels share; else in containers, when these are the
-- same and nothing says that they differ; else in boxes, when all hold the same. ``factor``: that unit per box.
CREATE TEMP TABLE speciality_unit AS
WITH marketed AS (
    SELECT p.cis AS cis, z.*
    FROM presentation AS p
    INNER JOIN presentation_size AS z ON z.cip13 = p.cip13
    WHERE NOT is_withdrawn(p.marketing_state)
)
SELECT
    cis, COUNT(*) AS boxes,
    CASE
        WHEN COUNT(*) = 1 THEN 'boîte'
        WHEN COUNT(units) = COUNT(*) AND COUNT(DISTINCT unit_word) = 1 THEN MIN(unit_word)
        WHEN COUNT(containers) = COUNT(*) AND COUNT(DISTINCT container_word) = 1 AND COUNT(DISTINCT content) <= 1
            THEN MIN(container_word)
    END AS unit_word,
    COUNT(units) = COUNT(*) AND COUNT(DISTINCT unit_word) = 1 AS is_by_unit,
    STRING_AGG(CASE WHEN units IS NULL THEN cip13 END, ', ' ORDER BY cip13) AS unread_cip13,
    STRING_AGG(DISTINCT unit_word, ', ' ORDER BY unit_word) AS unit_words
FROM marketed
GROUP BY cis;
