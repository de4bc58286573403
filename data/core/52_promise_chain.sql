-- D'une version à l'autre, quel approvisionnement est la suite de quel autre, et quelle date n'est plus dite ?
-- A laboratory renumbers its supplies, or gives a new rank to a delivery it puts off: ranks alone would make one
-- delivery that is overdue and another that is new. Read by ``promise``, whose header gives the rules.
CREATE TEMP TABLE supply_line AS
SELECT
    l.*, g.previous_no
FROM promise_line AS l
INNER JOIN (
    SELECT
        declaration_no, version_no,
        LAG(version_no) OVER (PARTITION BY declaration_no ORDER BY version_no) AS previous_no
    FROM (SELECT DISTINCT declaration_no, version_no FROM promise_line WHERE promise = 'approvisionnement') AS stating
) AS g ON g.declaration_no = l.declaration_no AND g.version_no = l.version_no
WHERE l.promise = 'approvisionnement';

-- Each supply of a version beside each of the last version that stated any.
CREATE TEMP TABLE supply_pair AS
SELECT
    c.declaration_no, c.version_no, c.supply_no, p.version_no AS previous_no, p.supply_no AS previous_supply_no,
    p.planned_on AS previous_planned_on, c.supply_no = p.supply_no AS is_same_rank,
    c.planned_on = p.planned_on AND c.boxes = p.boxes AS is_identical,
    c.state = 'prévu' AND p.state = 'prévu' AND (
        c.boxes = p.boxes OR ABS(date_diff('day', p.planned_on, c.planned_on)) <= t.replaced_within_days
    ) AS may_replace,
    c.boxes = p.boxes AS has_same_boxes, p.state = 'reçu' AND c.state = 'prévu' AS is_over, c.planned_on, c.state
FROM supply_line AS c
INNER JOIN supply_line AS p ON p.declaration_no = c.declaration_no AND p.version_no = c.previous_no
CROSS JOIN parameter AS t;

-- The same rank unchanged; then the same delivery under another rank; then the same rank, moved. What was received is
-- over: a planned supply that takes its rank is another one.
CREATE TEMP TABLE supply_followed AS
WITH kept AS (
    SELECT * FROM supply_pair WHERE is_same_rank AND is_identical AND NOT is_over
),
free AS (
    SELECT p.*
    FROM supply_pair AS p
    ANTI JOIN kept AS c
        ON c.declaration_no = p.declaration_no AND c.version_no = p.version_no AND c.supply_no = p.supply_no
    ANTI JOIN kept AS k
        ON k.declaration_no = p.declaration_no AND k.version_no = p.version_no
        AND k.previous_supply_no = p.previous_supply_no
    WHERE NOT p.is_over
),
renumbered AS (
    SELECT * EXCLUDE (mine, theirs)
    FROM (
        SELECT
            *,
            ROW_NUMBER() OVER (PARTITION BY declaration_no, version_no, supply_no ORDER BY previous_supply_no) AS mine,
            ROW_NUMBER() OVER (PARTITION BY declaration_no, version_no, previous_supply_no ORDER BY supply_no) AS theirs
        FROM free
        WHERE is_identical
    ) AS ranked
    WHERE mine = theirs
),
moved AS (
    SELECT f.*
    FROM free AS f
    ANTI JOIN renumbered AS c
        ON c.declaration_no = f.declaration_no AND c.version_no = f.version_no AND c.supply_no = f.supply_no
    ANTI JOIN renumbered AS r
        ON r.declaration_no = f.declaration_no AND r.version_no = f.version_no
        AND r.previous_supply_no = f.previous_supply_no
    WHERE f.is_same_rank
)
SELECT declaration_no, version_no, supply_no, previous_no, previous_supply_no, state FROM kept
UNION ALL
SELECT declaration_no, version_no, supply_no, previous_no, previous_supply_no, state FROM renumbered
UNION ALL
SELECT declaration_no, version_no, supply_no, previous_no, previous_supply_no, state FROM moved;

-- A supply not explained yet, of the same boxes or of a near date as one no longer stated, or cancelled, replaces
-- it; of several, those of the same boxes go together first, then in the order of their dates.
CREATE TEMP TABLE supply_replaced AS
WITH free AS (
    SELECT p.*
    FROM supply_pair AS p
    ANTI JOIN supply_followed AS c
        ON c.declaration_no = p.declaration_no AND c.version_no = p.version_no AND c.supply_no = p.supply_no
    ANTI JOIN (SELECT * FROM supply_followed WHERE state <> 'annulé') AS k
        ON k.declaration_no = p.declaration_no AND k.version_no = p.version_no
        AND k.previous_supply_no = p.previous_supply_no
    WHERE p.may_replace
),
of_same_boxes AS (
    SELECT *
    FROM (
        SELECT
            *,
            DENSE_RANK() OVER (
                PARTITION BY declaration_no, version_no, supply_no ORDER BY previous_planned_on, previous_supply_no
            ) AS mine,
            DENSE_RANK() OVER (
                PARTITION BY declaration_no, version_no, previous_supply_no ORDER BY planned_on, supply_no
            ) AS theirs
        FROM free
        WHERE has_same_boxes
    ) AS ranked
    WHERE mine = theirs
),
of_near_date AS (
    SELECT *
    FROM (
        SELECT
            f.*,
            DENSE_RANK() OVER (
                PARTITION BY f.declaration_no, f.version_no, f.supply_no
                ORDER BY f.previous_planned_on, f.previous_supply_no
            ) AS mine,
            DENSE_RANK() OVER (
                PARTITION BY f.declaration_no, f.version_no, f.previous_supply_no ORDER BY f.planned_on, f.supply_no
            ) AS theirs
        FROM free AS f
        ANTI JOIN of_same_boxes AS c
            ON c.declaration_no = f.declaration_no AND c.version_no = f.version_no AND c.supply_no = f.supply_no
        ANTI JOIN of_same_boxes AS s
            ON s.declaration_no = f.declaration_no AND s.version_no = f.version_no
            AND s.previous_supply_no = f.previous_supply_no
    ) AS ranked
    WHERE mine = theirs
)
SELECT declaration_no, version_no, supply_no, previous_no, previous_supply_no FROM of_same_boxes
UNION ALL
SELECT declaration_no, version_no, supply_no, previous_no, previous_supply_no FROM of_near_date;

-- A rank that comes back after versions that did not state it goes on from where it was, unless something replaced it.
CREATE TEMP TABLE supply_resumed AS
SELECT declaration_no, version_no, supply_no, previous_no, previous_supply_no
FROM (
    SELECT
        c.declaration_no, c.version_no, c.supply_no, e.version_no AS previous_no, e.supply_no AS previous_supply_no,
        e.state AS previous_state,
        ROW_NUMBER() OVER (PARTITION BY c.declaration_no, c.version_no, c.supply_no ORDER BY e.version_no DESC) AS rank
    FROM supply_line AS c
    INNER JOIN supply_line AS e
        ON e.declaration_no = c.declaration_no AND e.supply_no = c.supply_no AND e.version_no < c.previous_no
    ANTI JOIN supply_followed AS f
        ON f.declaration_no = c.declaration_no AND f.version_no = c.version_no AND f.supply_no = c.supply_no
    ANTI JOIN supply_replaced AS r
        ON r.declaration_no = c.declaration_no AND r.version_no = c.version_no AND r.supply_no = c.supply_no
) AS last
ANTI JOIN supply_followed AS gone
    ON gone.declaration_no = last.declaration_no AND gone.previous_no = last.previous_no
    AND gone.previous_supply_no = last.previous_supply_no
ANTI JOIN supply_replaced AS taken
    ON taken.declaration_no = last.declaration_no AND taken.previous_no = last.previous_no
    AND taken.previous_supply_no = last.previous_supply_no
WHERE last.rank = 1 AND last.previous_state <> 'reçu';

CREATE TEMP TABLE supply_link AS
SELECT declaration_no, version_no, supply_no, previous_no, previous_supply_no, FALSE AS is_replacement
FROM supply_followed
UNION ALL
SELECT declaration_no, version_no, supply_no, previous_no, previous_supply_no, TRUE AS is_replacement
FROM supply_replaced
UNION ALL
SELECT declaration_no, version_no, supply_no, previous_no, previous_supply_no, FALSE AS is_replacement
FROM supply_resumed;

-- ``promise_no``: one number per delivery, whatever ranks it had.
CREATE TEMP TABLE supply_chain AS
WITH RECURSIVE chain AS (
    SELECT s.declaration_no, s.version_no, s.supply_no, s.version_no AS first_no, s.supply_no AS first_supply_no
    FROM supply_line AS s
    ANTI JOIN supply_link AS l
        ON l.declaration_no = s.declaration_no AND l.version_no = s.version_no AND l.supply_no = s.supply_no
    UNION ALL
    SELECT l.declaration_no, l.version_no, l.supply_no, c.first_no, c.first_supply_no
    FROM chain AS c
    INNER JOIN supply_link AS l
        ON l.declaration_no = c.declaration_no AND l.previous_no = c.version_no AND l.previous_supply_no = c.supply_no
)
SELECT
    declaration_no, version_no, supply_no,
    DENSE_RANK() OVER (PARTITION BY declaration_no ORDER BY first_no, first_supply_no) AS promise_no
FROM chain;

-- Versions that mention supplies: they state some, or come in a file that has the sheet and state none.
CREATE TEMP TABLE speaking_version AS
SELECT v.declaration_no, v.version_no, v.version_on
FROM last_line('trustmed_version', (declaration_no, version_no)) AS v
LEFT JOIN (SELECT DISTINCT declaration_no, version_no FROM supply_line) AS s
    ON s.declaration_no = v.declaration_no AND s.version_no = v.version_no
LEFT JOIN (SELECT DISTINCT load_id FROM load_sheet WHERE table_name = 'trustmed_supply') AS h ON h.load_id = v.load_id
WHERE v.status = 'ouverte' AND (s.version_no IS NOT NULL OR h.load_id IS NOT NULL);

-- Planned dates that a later open version no longer states, and that nothing follows.
CREATE TEMP TABLE withdrawn_promise AS
SELECT s.declaration_no, 'approvisionnement' AS promise, s.supply_no, s.version_no, MIN(v.version_on) AS withdrawn_on
FROM supply_line AS s
INNER JOIN speaking_version AS v ON v.declaration_no = s.declaration_no AND v.version_no > s.version_no
ANTI JOIN supply_link AS l
    ON l.declaration_no = s.declaration_no AND l.previous_no = s.version_no AND l.previous_supply_no = s.supply_no
WHERE s.state = 'prévu'
GROUP BY s.declaration_no, s.supply_no, s.version_no
UNION ALL
SELECT r.declaration_no, 'retour' AS promise, 0 AS supply_no, r.version_no, MIN(v.version_on) AS withdrawn_on
FROM (
    SELECT declaration_no, MAX(version_no) AS version_no
    FROM declaration_version
    WHERE expected_return_on IS NOT NULL
    GROUP BY declaration_no
) AS r
INNER JOIN declaration_version AS v ON v.declaration_no = r.declaration_no AND v.version_no > r.version_no
WHERE v.status = 'ouverte'
GROUP BY r.declaration_no, r.version_no;
