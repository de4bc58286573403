-- Quels totaux sortir ensemble sans qu'aucune combinaison n'en donne un fait de trop peu de firmes ?
-- Totals that leave together cut the presentations into pieces (those of the same totals). Whatever is added or
-- subtracted is a sum of whole pieces: when every piece stands on enough laboratories, nothing smaller can be found.
-- A union of pieces that stand on enough stands on enough, so hiding one more total never uncovers another. Totals cut
-- as if each name that waits were a firm of its own: what a name hides never reveals what it cut.
CREATE TEMP TABLE piece (step VARCHAR, series VARCHAR, week DATE, piece VARCHAR, cip13 VARCHAR);

CREATE TEMP MACRO exposed_pieces(asked) AS TABLE
SELECT series, week, piece
FROM (
    SELECT p.series AS series, p.week AS week, p.piece AS piece, c.firm AS firm, SUM(c.boxes) AS boxes
    FROM piece AS p
    INNER JOIN contribution AS c ON c.series = p.series AND c.week = p.week AND c.cip13 = p.cip13
    WHERE p.step = asked
    GROUP BY p.series, p.week, p.piece, c.firm
) AS by_firm
GROUP BY series, week, piece
HAVING firms_are_few(firm, boxes);

-- 1. A total by itself.
INSERT INTO piece
SELECT 'total' AS step, c.series, c.week, s.subject_id, c.cip13
FROM (SELECT DISTINCT series, week, cip13 FROM contribution) AS c
INNER JOIN subject_presentation AS s ON s.cip13 = c.cip13;

-- Sales that are hidden hide the stock beside them, so that a masked link shows nothing. Not the other way round: sales
-- are summed over weeks, and an empty stock would hide the twelve months that follow.
CREATE TEMP TABLE hidden_with (series VARCHAR, hidden VARCHAR);
INSERT INTO hidden_with
VALUES ('stock', 'stock'), ('ventes', 'ventes'), ('ventes', 'stock'), ('demande', 'demande'),
    ('dispensation', 'dispensation');

CREATE TEMP TABLE total_on_few AS
SELECT DISTINCT h.hidden AS series, e.week AS week, e.piece AS subject_id
FROM exposed_pieces('total') AS e
INNER JOIN hidden_with AS h ON h.series = e.series;

CREATE TEMP TABLE candidate AS
SELECT t.series AS series, t.week AS week, t.subject_id AS subject_id, s.kind AS kind
FROM subject_total AS t
INNER JOIN subject AS s ON s.subject_id = t.subject_id
ANTI JOIN total_on_few AS f ON f.series = t.series AND f.week = t.week AND f.subject_id = t.subject_id
WHERE NOT t.is_carried;

CREATE TEMP TABLE cutter AS
WITH by_name AS (
    SELECT p.series AS series, p.week AS week, p.piece AS piece, COALESCE(c.firm, '? ' || c.laboratory) AS firm,
        SUM(c.boxes) AS boxes
    FROM piece AS p
    INNER JOIN contribution AS c ON c.series = p.series AND c.week = p.week AND c.cip13 = p.cip13
    WHERE p.step = 'total'
    GROUP BY p.series, p.week, p.piece, COALESCE(c.firm, '? ' || c.laboratory)
)
SELECT n.series AS series, n.week AS week, n.piece AS subject_id, ANY_VALUE(s.kind) AS kind
FROM by_name AS n
INNER JOIN subject AS s ON s.subject_id = n.piece
GROUP BY n.series, n.week, n.piece
HAVING NOT COALESCE(firms_are_few(n.firm, n.boxes), TRUE);

-- 2. Followed groups together: those that overlap are cut by one another.
INSERT INTO piece
SELECT 'groupes' AS step, p.series, p.week, STRING_AGG(p.piece, '|' ORDER BY p.piece) AS piece, p.cip13
FROM piece AS p
INNER JOIN cutter AS k ON k.series = p.series AND k.week = p.week AND k.subject_id = p.piece AND k.kind = 'groupe'
WHERE p.step = 'total'
GROUP BY p.series, p.week, p.cip13;

CREATE TEMP TABLE group_exposed AS
SELECT DISTINCT h.hidden AS series, p.week AS week, s.subject_id AS subject_id
FROM piece AS p
INNER JOIN hidden_with AS h ON h.series = p.series
INNER JOIN exposed_pieces('groupes') AS e ON e.series = p.series AND e.week = p.week AND e.piece = p.piece
INNER JOIN subject_presentation AS s ON s.cip13 = p.cip13
INNER JOIN subject AS k ON k.subject_id = s.subject_id AND k.kind = 'groupe'
WHERE p.step = 'groupes';

-- 3. Whole DCI with all groups: what a DCI has outside its groups is a piece too. Groups go first, they are what a
-- plan follows: a DCI gives way. Groups hidden in 2 still cut, or a DCI of the same presentations would reveal them.
INSERT INTO piece
SELECT 'ensemble' AS step, p.series, p.week, STRING_AGG(p.piece, '|' ORDER BY p.piece) AS piece, p.cip13
FROM piece AS p
INNER JOIN cutter AS k ON k.series = p.series AND k.week = p.week AND k.subject_id = p.piece
WHERE p.step = 'total'
GROUP BY p.series, p.week, p.cip13;

CREATE TEMP TABLE whole_exposed AS
WITH touched AS (
    SELECT DISTINCT h.hidden AS series, p.week AS week, s.subject_id AS subject_id
    FROM piece AS p
    INNER JOIN hidden_with AS h ON h.series = p.series
    INNER JOIN exposed_pieces('ensemble') AS e ON e.series = p.series AND e.week = p.week AND e.piece = p.piece
    INNER JOIN subject_presentation AS s ON s.cip13 = p.cip13
    WHERE p.step = 'ensemble'
)
-- A group that a DCI cuts in two exposes each DCI it touches.
SELECT DISTINCT t.series AS series, t.week AS week, other.subject_id AS subject_id
FROM touched AS t
INNER JOIN cutter AS k ON k.series = t.series AND k.week = t.week AND k.subject_id = t.subject_id
INNER JOIN subject_presentation AS mine ON mine.subject_id = t.subject_id
INNER JOIN subject_presentation AS other ON other.cip13 = mine.cip13
INNER JOIN subject AS s ON s.subject_id = other.subject_id AND s.kind = 'dci';
