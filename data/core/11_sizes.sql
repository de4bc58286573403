-- Combien d'unités chaque boîte contient-elle ?
-- A size decided by hand (references) wins over the one read in the label (data/building/box_size.py). No guess: a
-- label without a quantity leaves NULL.
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
