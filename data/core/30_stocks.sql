-- Que tient chaque déclarant, semaine par semaine, et que fait-on quand son relevé manque ?
-- Two files that tell the same week: the one received last wins, line by line.
CREATE TEMP TABLE stock_line AS
SELECT
    'exploitants' AS link, week, cip13, laboratory AS participant, exact_boxes(stock_boxes) AS stock_boxes,
    exact_boxes(sales_boxes) AS sales_boxes, exact_boxes(usual_monthly_sales_boxes) AS usual_monthly_sales_boxes,
    load_id, line
FROM tracstocks_stock
UNION ALL
SELECT
    'grossistes' AS link, week, cip13, wholesaler AS participant, exact_boxes(stock_boxes) AS stock_boxes,
    exact_boxes(sales_boxes) AS sales_boxes, exact_boxes(NULL) AS usual_monthly_sales_boxes, load_id, line
FROM pointstock_stock;

CREATE TEMP TABLE stock_reading AS
SELECT link, week, cip13, participant, stock_boxes, sales_boxes, usual_monthly_sales_boxes
FROM last_line('stock_line', (link, week, cip13, participant));

-- A reporter whose row waits to be confirmed has reported: it stays expected, and its last accepted reading stands
-- for it.
CREATE TEMP TABLE held_reading AS
SELECT DISTINCT
    CASE lake_table WHEN 'tracstocks_stock' THEN 'exploitants' ELSE 'grossistes' END AS link,
    week, item AS cip13, reporter AS participant
FROM pending_row
WHERE lake_table IN ('tracstocks_stock', 'pointstock_stock') AND rule <> 'futur';

CREATE TEMP TABLE stock_presence AS
SELECT link, week, cip13, participant FROM stock_reading
UNION
SELECT link, week, cip13, participant FROM held_reading;

CREATE TEMP TABLE link_week AS
SELECT DISTINCT link, week FROM stock_presence;

CREATE TEMP TABLE newest_week AS
SELECT link, MAX(week) AS week FROM link_week GROUP BY link;

-- Weeks for which a sender sent something, whatever the presentation.
CREATE TEMP TABLE sender_week AS
SELECT DISTINCT link, participant, week FROM stock_presence;

-- Who is expected: every presentation of a participant that spoke in the last expected_weeks weeks.
CREATE TEMP TABLE expected_reading AS
SELECT k.link AS link, k.cip13 AS cip13, k.participant AS participant, w.week AS week
FROM (
    SELECT link, cip13, participant, MIN(week) AS first_week, MAX(week) AS last_week
    FROM stock_presence
    GROUP BY link, cip13, participant
) AS k
CROSS JOIN parameter AS p
INNER JOIN link_week AS w
    ON w.link = k.link
    AND w.week >= k.first_week
    AND w.week <= k.last_week + week_days(p.expected_weeks);

-- Senders whose absent lines are empty stocks, as the steward decided (``data/journal/decisions.py`` writes the key).
CREATE TEMP TABLE journal_zero AS
SELECT DISTINCT SPLIT_PART(row_ref, '/', 2) AS link, REGEXP_REPLACE(row_ref, '^absent=0/[a-z]+/', '') AS participant
FROM journal_acceptance
WHERE row_ref LIKE 'absent=0/%';

-- The last reading known at each expected week; gap_weeks counts the weeks since (0: read that week).
-- ``is_left_out``: the last file of the sender says nothing of this presentation. Once it can no longer be carried it
-- leaves the sums (``is_out``), stock and demand together, unless it is the sender itself that is missing.
-- ``is_zero``: the steward decided that this sender leaves its empty stocks out; the sales of that week stay unknown.
CREATE TEMP TABLE stock_week AS
WITH known AS (
    SELECT
        e.link, e.week, e.cip13, e.participant, r.stock_boxes, r.sales_boxes, r.usual_monthly_sales_boxes,
        weeks_between(r.week, e.week) AS reading_gap_weeks, weeks_between(f.week, e.week) AS sender_gap_weeks,
        h.week IS NOT NULL AND r.week < e.week AS is_held,
        s.week < f.week AS is_left_out, s.week < f.week AND z.participant IS NOT NULL AS is_zero
    FROM expected_reading AS e
    ASOF INNER JOIN stock_presence AS s
        ON s.link = e.link AND s.cip13 = e.cip13 AND s.participant = e.participant AND s.week <= e.week
    ASOF INNER JOIN stock_reading AS r
        ON r.link = e.link AND r.cip13 = e.cip13 AND r.participant = e.participant AND r.week <= e.week
    ASOF INNER JOIN sender_week AS f
        ON f.link = e.link AND f.participant = e.participant AND f.week <= e.week
    LEFT JOIN held_reading AS h
        ON h.link = e.link AND h.cip13 = e.cip13 AND h.participant = e.participant AND h.week = e.week
    LEFT JOIN journal_zero AS z ON z.link = e.link AND z.participant = e.participant
    CROSS JOIN parameter AS p
    WHERE date_diff('day', s.week, e.week) <= 7 * p.expected_weeks
)
SELECT
    k.link AS link, k.week AS week, k.cip13 AS cip13, k.participant AS participant,
    CASE WHEN k.is_zero THEN exact_boxes(0) ELSE k.stock_boxes END AS stock_boxes,
    CASE WHEN NOT k.is_zero THEN k.sales_boxes END AS sales_boxes,
    k.usual_monthly_sales_boxes AS usual_monthly_sales_boxes,
    CASE WHEN k.is_zero THEN k.sender_gap_weeks ELSE k.reading_gap_weeks END AS gap_weeks,
    k.is_held AS is_held, k.is_left_out AND NOT k.is_zero AS is_left_out, k.is_zero AS is_zero,
    k.is_left_out AND NOT k.is_zero AND k.reading_gap_weeks > p.carry_weeks
        AND k.sender_gap_weeks <= p.carry_weeks AS is_out
FROM known AS k
CROSS JOIN parameter AS p;
