-- Quelles lignes reçues faut-il relire une à une, parce qu'un ordre de grandeur ou une date y a changé ?
-- Cheap on a million rows: only series or declarants where something may have jumped are then read one by one
-- (data/building/plausibility.py).
-- ``amount``: stock in boxes, or coverage in days for the panel; ``sales``: boxes of the week.
-- Rows that wait with a name (data/building/names.py) or with a rival (data/building/together.py) have no series yet.
CREATE TEMP MACRO not_held_early(source) AS TABLE
SELECT r.*
FROM query_table(source || '_received') AS r
ANTI JOIN (SELECT load_id, line FROM early_held WHERE lake_table = source) AS h
    ON h.load_id = r.load_id AND h.line = r.line;

-- Two sources report the wholesalers' link.
CREATE TEMP MACRO link_table(lake_table) AS
    CASE lake_table WHEN 'pointstock_stock' THEN 'grossistes_stock' ELSE lake_table END;

CREATE TEMP TABLE judged_line AS
SELECT
    'tracstocks_stock' AS lake_table, laboratory AS reporter, cip13 AS item, week, stock_boxes AS amount,
    sales_boxes AS sales, load_id, line
FROM not_held_early('tracstocks_stock')
UNION ALL
SELECT
    'pointstock_stock' AS lake_table, wholesaler AS reporter, cip13 AS item, week, stock_boxes AS amount,
    sales_boxes AS sales, load_id, line
FROM not_held_early('pointstock_stock')
UNION ALL
SELECT
    'grossistes_stock' AS lake_table, wholesaler AS reporter, cip13 AS item, week, stock_boxes AS amount,
    sales_boxes AS sales, load_id, line
FROM not_held_early('grossistes_stock')
UNION ALL
SELECT
    'openhealth_sales' AS lake_table, concat_ws(', ', 'région ' || region, age, sex, origin) AS reporter, cip13 AS item,
    week,
    CAST(NULL AS DOUBLE) AS amount, boxes AS sales, load_id, line
FROM not_held_early('openhealth_sales')
UNION ALL
SELECT
    'iqvia_coverage' AS lake_table, level || ' ' || territory AS reporter, group_id AS item, week,
    coverage_days AS amount, sales_boxes AS sales, load_id, line
FROM not_held_early('iqvia_coverage');

CREATE TEMP TABLE received_load AS
SELECT load_id, source_key, CAST(received_at AS DATE) AS received_on, received_at, file_name FROM load;

-- A doubtful row differs from an earlier one of its series by the factor, so the range of the series does too.
CREATE TEMP TABLE suspect_series AS
SELECT j.lake_table, j.reporter, j.item
FROM judged_line AS j
INNER JOIN received_load AS l ON l.load_id = j.load_id
CROSS JOIN parameter AS p
GROUP BY j.lake_table, j.reporter, j.item, p.doubt_factor, p.doubt_floor_boxes, p.doubt_floor_days, p.doubt_most_days
HAVING MAX(GREATEST(j.sales, p.doubt_floor_boxes)) >= p.doubt_factor * MIN(GREATEST(j.sales, p.doubt_floor_boxes))
    OR (j.lake_table <> 'iqvia_coverage'
        AND MAX(GREATEST(j.amount, p.doubt_floor_boxes))
            >= p.doubt_factor * MIN(GREATEST(j.amount, p.doubt_floor_boxes)))
    OR (j.lake_table = 'iqvia_coverage'
        AND (MAX(j.amount) > p.doubt_most_days
            OR MAX(GREATEST(j.amount, p.doubt_floor_days))
                >= p.doubt_factor * MIN(GREATEST(j.amount, p.doubt_floor_days))))
    OR MAX(CASE WHEN j.week > l.received_on THEN 1 ELSE 0 END) = 1;

-- As far as the smallest change of unit, a tenfold one, less the spread allowed around it.
CREATE TEMP MACRO may_be_unit(value, previous, spread) AS
    1 - ABS(LOG10(NULLIF(value, 0) / NULLIF(previous, 0))) <= LOG10(spread);

-- A change of unit moves most lines of a reporter at once, small ones included: all its series are read again.
CREATE TEMP TABLE suspect_reporter AS
SELECT DISTINCT lake_table, reporter
FROM (
    SELECT
        lake_table, reporter,
        COUNT(CASE WHEN is_far_amount THEN 1 END) AS far_amounts, COUNT(is_far_amount) AS amounts,
        COUNT(CASE WHEN is_far_sales THEN 1 END) AS far_sales, COUNT(is_far_sales) AS sales
    FROM (
        SELECT
            lake_table, reporter, week, load_id,
            CASE WHEN GREATEST(amount, before_amount) >= floor_amount
                THEN may_be_unit(amount, before_amount, unit_spread) END AS is_far_amount,
            CASE WHEN GREATEST(sales, before_sales) >= floor_sales
                THEN may_be_unit(sales, before_sales, unit_spread) END AS is_far_sales
        FROM (
            SELECT
                j.lake_table, j.reporter, j.week, j.load_id, j.amount, j.sales,
                LAST_VALUE(j.amount) OVER earlier AS before_amount, LAST_VALUE(j.sales) OVER earlier AS before_sales,
                CASE WHEN j.lake_table = 'iqvia_coverage' THEN p.doubt_floor_days ELSE p.doubt_floor_boxes END
                    AS floor_amount,
                p.doubt_floor_boxes AS floor_sales, p.doubt_unit_spread AS unit_spread
            FROM judged_line AS j
            CROSS JOIN parameter AS p
            WINDOW earlier AS (
                PARTITION BY j.lake_table, j.reporter, j.item ORDER BY j.week
                RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 DAY PRECEDING
            )
        ) AS chained
    ) AS compared
    GROUP BY lake_table, reporter, week, load_id
) AS delivery
CROSS JOIN parameter AS p
WHERE (amounts >= p.doubt_unit_lines AND 100.0 * far_amounts >= p.doubt_unit_share_pct * amounts)
    OR (sales >= p.doubt_unit_lines AND 100.0 * far_sales >= p.doubt_unit_share_pct * sales);

CREATE TEMP TABLE suspect_line AS
SELECT j.lake_table, j.reporter, j.item, j.week, j.amount, j.sales, j.load_id, j.line, l.received_on
FROM judged_line AS j
INNER JOIN received_load AS l ON l.load_id = j.load_id
LEFT JOIN suspect_series AS s ON s.lake_table = j.lake_table AND s.reporter = j.reporter AND s.item = j.item
LEFT JOIN suspect_reporter AS d ON d.lake_table = j.lake_table AND d.reporter = j.reporter
WHERE s.item IS NOT NULL OR d.reporter IS NOT NULL
UNION ALL
-- Dated by hand, without a series to compare with: only the date is judged.
SELECT
    'tracstocks_supply' AS lake_table, r.laboratory AS reporter, r.cip13 AS item, r.week, NULL AS amount,
    NULL AS sales,
    r.load_id, r.line, l.received_on
FROM not_held_early('tracstocks_supply') AS r
INNER JOIN received_load AS l ON l.load_id = r.load_id
WHERE r.week > l.received_on
UNION ALL
SELECT
    'trustmed_version' AS lake_table, r.laboratory AS reporter, r.declaration_no || ' v' || r.version_no AS item,
    r.version_on AS week, NULL AS amount, NULL AS sales, r.load_id, r.line, l.received_on
FROM not_held_early('trustmed_version') AS r
INNER JOIN received_load AS l ON l.load_id = r.load_id
WHERE r.version_on > l.received_on;
