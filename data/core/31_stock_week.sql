-- Que tient chaque déclarant chaque semaine, et quel relevé vaut pour celles qu'il n'a pas envoyées ?
-- Who is expected: every presentation of a participant that reported in the last expected_weeks weeks, after its next
-- measurement is due; after an isolated point nothing is due, it stands for flash_carry_days.
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
    AND w.week <= k.last_week + week_days(
        GREATEST(p.expected_weeks + p.rhythm_month_weeks, p.flash_carry_days / 7)
    );

-- Presentations of which the sender's file of that week says nothing, though earlier files of the same source did.
-- ``is_zero``: the steward decided that this sender leaves its empty stocks out of the files of this source.
CREATE TEMP TABLE absent_reading AS
SELECT
    e.link AS link, e.week AS week, e.cip13 AS cip13, e.participant AS participant,
    COALESCE(MIN(z.source_key), MIN(t.source_key)) AS source_key, COUNT(z.participant) > 0 AS is_zero
FROM expected_reading AS e
INNER JOIN (
    SELECT link, source_key, cip13, participant, MIN(week) AS first_week
    FROM source_presence
    GROUP BY link, source_key, cip13, participant
) AS t ON t.link = e.link AND t.cip13 = e.cip13 AND t.participant = e.participant AND t.first_week < e.week
INNER JOIN (SELECT DISTINCT link, source_key, participant, week FROM source_presence) AS f
    ON f.link = e.link AND f.source_key = t.source_key AND f.participant = e.participant AND f.week = e.week
LEFT JOIN journal_zero AS z ON z.source_key = t.source_key AND z.participant = e.participant
ANTI JOIN stock_presence AS s
    ON s.link = e.link AND s.cip13 = e.cip13 AND s.participant = e.participant AND s.week = e.week
GROUP BY e.link, e.week, e.cip13, e.participant;

CREATE TEMP TABLE absent_zero AS
SELECT * FROM absent_reading WHERE is_zero;

-- The last reading known at each expected week; ``age_weeks`` counts the weeks since, ``gap_weeks`` those for which its
-- rhythm misses another (0: none is due yet).
-- ``is_left_out``: the last file of its source from the sender omits this presentation. Once it can no longer
-- be carried it leaves the sums (``is_out``), stock and demand together, unless the sender itself is missing.
-- ``is_zero``: that absence is an empty stock; the sales of that week stay unknown.
CREATE TEMP TABLE stock_week AS
WITH reading_week AS (
    SELECT
        e.link, e.week, e.cip13, e.participant, s.due_weeks, r.source_key, r.stock_boxes, r.sales_boxes,
        r.sales_4w_boxes, r.usual_monthly_sales_boxes,
        weeks_between(r.week, e.week) AS reading_age_weeks,
        CASE
            -- Reported, and waiting to be confirmed: its accepted reading is of an earlier period.
            WHEN r.week < s.week THEN GREATEST(1, weeks_between(r.week, e.week) - COALESCE(s.due_weeks, 1) + 1)
            WHEN s.due_weeks IS NULL THEN 0
            ELSE GREATEST(0, weeks_between(r.week, e.week) - s.due_weeks + 1)
        END AS reading_gap_weeks,
        weeks_between(COALESCE(z.week, f.week), e.week) AS sender_gap_weeks,
        h.week IS NOT NULL AND r.week < e.week AS is_held,
        COALESCE(s.week < f.week, FALSE) AS is_left_out, COALESCE(s.week < z.week, FALSE) AS is_zero,
        CASE WHEN s.week < z.week THEN z.source_key ELSE f.source_key END AS left_out_source
    FROM expected_reading AS e
    ASOF INNER JOIN stock_rhythm AS s
        ON s.link = e.link AND s.cip13 = e.cip13 AND s.participant = e.participant AND s.week <= e.week
    ASOF INNER JOIN stock_reading AS r
        ON r.link = e.link AND r.cip13 = e.cip13 AND r.participant = e.participant AND r.week <= e.week
    ASOF LEFT JOIN absent_reading AS f
        ON f.link = e.link AND f.cip13 = e.cip13 AND f.participant = e.participant AND f.week <= e.week
    ASOF LEFT JOIN absent_zero AS z
        ON z.link = e.link AND z.cip13 = e.cip13 AND z.participant = e.participant AND z.week <= e.week
    LEFT JOIN held_reading AS h
        ON h.link = e.link AND h.cip13 = e.cip13 AND h.participant = e.participant AND h.week = e.week
    CROSS JOIN parameter AS p
    WHERE date_diff('day', s.week, e.week) <= CASE
        WHEN s.due_weeks IS NULL THEN p.flash_carry_days
        ELSE 7 * (p.expected_weeks + s.due_weeks - 1)
    END
)
SELECT
    k.link AS link, k.week AS week, k.cip13 AS cip13, k.participant AS participant,
    CASE WHEN k.is_zero THEN exact_boxes(0) ELSE k.stock_boxes END AS stock_boxes,
    CASE WHEN NOT k.is_zero THEN k.sales_boxes END AS sales_boxes,
    CASE WHEN NOT k.is_zero THEN k.sales_4w_boxes END AS sales_4w_boxes,
    k.usual_monthly_sales_boxes AS usual_monthly_sales_boxes, k.source_key AS source_key,
    CASE WHEN k.is_zero THEN k.sender_gap_weeks ELSE k.reading_age_weeks END AS age_weeks,
    CASE WHEN k.is_zero THEN k.sender_gap_weeks ELSE k.reading_gap_weeks END AS gap_weeks,
    k.due_weeks AS due_weeks, rhythm_words(k.due_weeks, p.rhythm_month_weeks) AS rhythm, k.is_held AS is_held,
    k.is_left_out AND k.reading_gap_weeks > 0 AND NOT k.is_zero AS is_left_out, k.is_zero AS is_zero,
    k.left_out_source AS left_out_source,
    k.is_left_out AND NOT k.is_zero AND k.reading_gap_weeks > p.carry_weeks
        AND k.sender_gap_weeks <= p.carry_weeks AS is_out
FROM reading_week AS k
CROSS JOIN parameter AS p;
