-- Que tient chaque déclarant, semaine par semaine, et que fait-on quand son relevé manque ?
-- Two files with the same week: the one received last wins, line by line.
-- Two sources feed the wholesalers' link, the weekly file and Point Stock: one line per wholesaler all the same.
CREATE TEMP TABLE stock_line AS
SELECT
    'exploitants' AS link, 'tracstocks' AS source_key, week, cip13, laboratory AS participant,
    exact_boxes(stock_boxes) AS stock_boxes, exact_boxes(sales_boxes) AS sales_boxes,
    exact_boxes(sales_4w_boxes) AS sales_4w_boxes, exact_boxes(usual_monthly_sales_boxes) AS usual_monthly_sales_boxes,
    load_id, line
FROM tracstocks_stock
UNION ALL
SELECT
    'grossistes' AS link, w.source_key, w.week, w.cip13, w.wholesaler AS participant,
    exact_boxes(w.stock_boxes) AS stock_boxes, exact_boxes(w.sales_boxes) AS sales_boxes,
    exact_boxes(NULL) AS sales_4w_boxes, exact_boxes(NULL) AS usual_monthly_sales_boxes, w.load_id, w.line
FROM (
    SELECT 'pointstock' AS source_key, week, cip13, wholesaler, stock_boxes, sales_boxes, load_id, line
    FROM pointstock_stock
    UNION ALL
    SELECT 'grossistes' AS source_key, week, cip13, wholesaler, stock_boxes, sales_boxes, load_id, line
    FROM grossistes_stock
) AS w;

CREATE TEMP TABLE stock_reading AS
SELECT
    link, week, cip13, participant, stock_boxes, sales_boxes, sales_4w_boxes, usual_monthly_sales_boxes, source_key
FROM last_line('stock_line', (link, week, cip13, participant));

-- A reporter whose row waits to be confirmed has reported: it stays expected, and its last accepted reading stands
-- for it.
CREATE TEMP TABLE held_reading AS
SELECT DISTINCT
    CASE lake_table WHEN 'tracstocks_stock' THEN 'exploitants' ELSE 'grossistes' END AS link,
    split_part(lake_table, '_', 1) AS source_key, week, item AS cip13, reporter AS participant
FROM pending_row
WHERE lake_table IN ('tracstocks_stock', 'pointstock_stock', 'grossistes_stock') AND rule <> 'futur';

-- Rows of a name that waits for an answer are in no sum; whose they are is not known, and secrecy counts with them.
CREATE TEMP TABLE waiting_name_line AS
WITH received AS (
    SELECT
        'tracstocks_stock' AS lake_table, 'exploitants' AS link, load_id, line, week, cip13, laboratory AS participant,
        stock_boxes, sales_boxes
    FROM tracstocks_stock_received
    UNION ALL
    SELECT 'pointstock_stock', 'grossistes', load_id, line, week, cip13, wholesaler, stock_boxes, sales_boxes
    FROM pointstock_stock_received
    UNION ALL
    SELECT 'grossistes_stock', 'grossistes', load_id, line, week, cip13, wholesaler, stock_boxes, sales_boxes
    FROM grossistes_stock_received
)
SELECT
    r.link AS link, r.week AS week, r.cip13 AS cip13, r.participant AS participant,
    exact_boxes(r.stock_boxes) AS stock_boxes, exact_boxes(r.sales_boxes) AS sales_boxes
FROM received AS r
INNER JOIN pending_row AS h
    ON h.lake_table = r.lake_table AND h.rule = 'nom' AND h.load_id = r.load_id AND h.line = r.line;

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

-- The same by source: a sender may feed two, and the answer on demand of a few presentations leaves nothing out of the
-- weekly file.
CREATE TEMP TABLE source_presence AS
SELECT DISTINCT link, source_key, week, cip13, participant FROM stock_line
UNION
SELECT link, source_key, week, cip13, participant FROM held_reading;
