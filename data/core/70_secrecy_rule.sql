-- De quelles firmes chaque quantité est-elle faite, et combien en faut-il derrière un chiffre partagé ?
-- The one place where the bound is written. A firm is a company or a group (``data/building/firms.py``), never a
-- spelling. Only what is not zero stands behind a figure: an empty stock hides nobody.
CREATE TEMP MACRO stands_on_few(contributors, largest, total) AS
    contributors < (SELECT secrecy_min_laboratories FROM parameter)
    OR 100 * largest > (SELECT secrecy_max_share_pct FROM parameter) * total;

-- One row per firm, and at most one without: its boxes, of unknown firms, may be those of the largest.
CREATE TEMP MACRO firms_are_few(firm, boxes) AS stands_on_few(
    COUNT(CASE WHEN boxes > 0 THEN firm END),
    COALESCE(MAX(CASE WHEN firm IS NOT NULL THEN boxes END), 0)
    + COALESCE(SUM(CASE WHEN firm IS NULL THEN boxes END), 0),
    SUM(boxes)
);

-- Who sells a box: the firm that reports its stock, since the figure is its own; else the holder of the public
-- referential, unless another firm reports boxes of that holder and may sell this one too. In doubt, nobody.
CREATE TEMP TABLE box_owner AS
WITH newest AS (
    SELECT cip13, MAX(week) AS week FROM stock_reading WHERE link = 'exploitants' GROUP BY cip13
),
declared AS (
    SELECT
        r.cip13 AS cip13, MAX(r.participant) AS laboratory,
        CASE WHEN COUNT(f.firm) = COUNT(*) AND MIN(f.firm) = MAX(f.firm) THEN MIN(f.firm) END AS firm
    FROM stock_reading AS r
    INNER JOIN newest AS n ON n.cip13 = r.cip13 AND n.week = r.week
    LEFT JOIN firm AS f ON f.kind = 'laboratoire' AND f.name = r.participant
    WHERE r.link = 'exploitants'
    GROUP BY r.cip13
),
held AS (
    SELECT
        p.cip13 AS cip13, COALESCE(d.laboratory, p.holder, '?') AS laboratory, d.cip13 IS NOT NULL AS is_declared,
        d.firm AS firm, h.firm AS holder_firm,
        d.cip13 IS NOT NULL AND COALESCE(d.firm, '?') <> COALESCE(h.firm, '') AS is_exploited
    FROM presentation AS p
    LEFT JOIN declared AS d ON d.cip13 = p.cip13
    LEFT JOIN firm AS h ON h.kind = 'laboratoire' AND h.name = p.holder
)
SELECT
    h.cip13 AS cip13, h.laboratory AS laboratory,
    CASE
        WHEN w.cip13 IS NOT NULL THEN NULL
        WHEN h.is_declared THEN h.firm
        WHEN e.holder_firm IS NULL THEN h.holder_firm
    END AS firm
FROM held AS h
LEFT JOIN (SELECT DISTINCT holder_firm FROM held WHERE is_exploited) AS e ON e.holder_firm = h.holder_firm
LEFT JOIN (SELECT DISTINCT cip13 FROM waiting_name_line WHERE link = 'exploitants') AS w ON w.cip13 = h.cip13;

-- Four series of boxes are summed over presentations; nothing else of the shared artefact is. ``demande``: sales of
-- four weeks, declared by reports that are not weekly. A row that waits with its name is nobody's, as a missing report.
CREATE TEMP TABLE contribution AS
WITH line AS (
    SELECT
        'stock' AS series, week, cip13, participant AS laboratory,
        CASE WHEN is_out THEN exact_boxes(0) ELSE stock_boxes END AS boxes, age_weeks > 0 AS is_carried
    FROM stock_week WHERE link = 'exploitants'
    UNION ALL
    SELECT
        'ventes' AS series, week, cip13, participant AS laboratory,
        CASE WHEN is_out OR is_zero THEN exact_boxes(0) ELSE sales_boxes END AS boxes, age_weeks > 0 AS is_carried
    FROM stock_week WHERE link = 'exploitants'
    UNION ALL
    SELECT
        'demande' AS series, week, cip13, participant AS laboratory,
        CASE WHEN is_out THEN exact_boxes(0) ELSE sales_4w_boxes END AS boxes, age_weeks > 0 AS is_carried
    FROM stock_week WHERE link = 'exploitants' AND COALESCE(due_weeks, 0) <> 1 AND sales_4w_boxes IS NOT NULL
)
SELECT l.series AS series, l.week AS week, l.cip13 AS cip13, l.laboratory AS laboratory, f.firm AS firm,
    l.boxes AS boxes, l.is_carried AS is_carried
FROM line AS l
LEFT JOIN firm AS f ON f.kind = 'laboratoire' AND f.name = l.laboratory
UNION ALL
SELECT s.series, w.week, w.cip13, w.participant, CAST(NULL AS VARCHAR) AS firm,
    CASE s.series WHEN 'stock' THEN w.stock_boxes ELSE w.sales_boxes END AS boxes, TRUE AS is_carried
FROM waiting_name_line AS w
CROSS JOIN (SELECT 'stock' AS series UNION ALL SELECT 'ventes' AS series) AS s
WHERE w.link = 'exploitants'
UNION ALL
SELECT 'dispensation' AS series, o.week, o.cip13, b.laboratory, b.firm, SUM(o.boxes) AS boxes, FALSE AS is_carried
FROM dispensed AS o
INNER JOIN box_owner AS b ON b.cip13 = o.cip13
GROUP BY o.week, o.cip13, b.laboratory, b.firm;

-- content: what the total is made of, box by box. Two totals of the same value may hide two different sums.
CREATE TEMP TABLE subject_total AS
SELECT
    c.series AS series, s.subject_id AS subject_id, c.week AS week, BOOL_OR(c.is_carried) AS is_carried,
    md5(STRING_AGG(
        c.cip13 || ' ' || CAST(CAST(c.boxes AS DECIMAL(18, 3)) AS VARCHAR), ' ' ORDER BY c.cip13, c.laboratory, c.boxes
    )) AS content
FROM contribution AS c
INNER JOIN subject_presentation AS s ON s.cip13 = c.cip13
GROUP BY c.series, s.subject_id, c.week;

-- A demand is the sum of the means of each declarant. When one joined, left or missed a week of the window, that sum
-- less the mean of the published totals is its own sales: only a window in which the same declarants reported the same
-- presentations every week is shared.
CREATE TEMP TABLE steady_window AS
WITH panel AS (
    SELECT
        l.subject_id AS subject_id, l.week AS week, COUNT(*) AS lines, MIN(l.current_count) AS current_count,
        MIN(l.legal_count) AS legal_count, MAX(CASE WHEN x.week IS NULL THEN 1 ELSE 0 END) AS is_counted
    FROM declarant_demand AS l
    LEFT JOIN excluded_week AS x ON x.subject_id = l.subject_id AND x.week = l.week
    WHERE l.link = 'exploitants'
    GROUP BY l.subject_id, l.week
    HAVING COUNT(CASE WHEN l.age_weeks = 0 OR l.gap_weeks > 0 THEN 1 END) > 0
),
windowed AS (
    SELECT
        p.*, COUNT(*) OVER current_window AS current_weeks, SUM(p.lines) OVER current_window AS current_lines,
        SUM(p.is_counted) OVER legal_window AS legal_weeks, SUM(p.lines * p.is_counted) OVER legal_window AS legal_lines
    FROM panel AS p
    CROSS JOIN demand_window AS d
    WINDOW
        current_window AS (
            PARTITION BY p.subject_id ORDER BY p.week RANGE BETWEEN d.current_span PRECEDING AND CURRENT ROW
        ),
        legal_window AS (
            PARTITION BY p.subject_id ORDER BY p.week RANGE BETWEEN d.legal_span PRECEDING AND CURRENT ROW
        )
)
SELECT
    subject_id, week,
    current_count = current_weeks AND current_lines = lines * current_weeks AS is_current_steady,
    legal_count = legal_weeks AND legal_lines = lines * legal_weeks AND legal_weeks > 0 AS is_legal_steady
FROM windowed;
