-- À quel rythme chaque déclarant envoie-t-il ses relevés ?
-- TracStocks is flash, weekly or monthly as the agency asks (IGAS 2025-002R, § 203); wholesalers answer on demand or
-- every week. No file says which: the last intervals between measurements do, in weeks. ``due_weeks``: weeks after
-- which the next one is missing; NULL when nothing is due after an isolated point.
CREATE TEMP MACRO middle_gap(gaps) AS list_sort(gaps)[(len(gaps) + 1) // 2];

-- Weekly when most intervals are of a week, whatever the holes; longer rhythms ask that most intervals agree to a week.
CREATE TEMP MACRO due_after(gaps, month_weeks) AS CASE
    WHEN middle_gap(gaps) <= 1 THEN 1
    WHEN middle_gap(gaps) > month_weeks THEN NULL
    WHEN 2 * len(list_filter(gaps, LAMBDA gap: ABS(gap - middle_gap(gaps)) <= 1)) <= len(gaps) THEN NULL
    WHEN middle_gap(gaps) >= month_weeks - 1 THEN month_weeks
    ELSE middle_gap(gaps)
END;

CREATE TEMP MACRO rhythm_words(due_weeks, month_weeks) AS CASE
    WHEN due_weeks IS NULL THEN 'ponctuel'
    WHEN due_weeks = 1 THEN 'hebdomadaire'
    WHEN due_weeks = month_weeks THEN 'mensuel'
    ELSE 'toutes les ' || due_weeks || ' semaines'
END;

-- Weeks of each key with the rhythm read at that week. After a silence longer than is waited for, intervals are counted
-- anew; one missing period of a long rhythm does not count as such.
CREATE TEMP MACRO read_rhythm(source, key) AS TABLE
SELECT
    * EXCLUDE (gap, gap_before, is_new_run, run, earlier_gaps, recent), len(recent) > 0 AS has_gap,
    due_after(recent, CAST((SELECT rhythm_month_weeks FROM parameter) AS INTEGER)) AS due_weeks
FROM (
    SELECT
        *,
        list_filter(
            LIST(CASE WHEN NOT is_new_run THEN gap END) OVER (
                PARTITION BY key, run ORDER BY week ROWS BETWEEN earlier_gaps PRECEDING AND CURRENT ROW
            ),
            LAMBDA gap: gap IS NOT NULL
        ) AS recent
    FROM (
        SELECT
            *, SUM(CASE WHEN is_new_run THEN 1 ELSE 0 END) OVER (PARTITION BY key ORDER BY week) AS run,
            (SELECT CAST(rhythm_gaps AS INTEGER) - 1 FROM parameter) AS earlier_gaps
        FROM (
            SELECT
                *,
                gap IS NULL OR (
                    gap > (SELECT expected_weeks FROM parameter) AND gap > 2 * COALESCE(gap_before, 0) + 1
                ) AS is_new_run
            FROM (
                SELECT *, LAG(gap) OVER (PARTITION BY key ORDER BY week) AS gap_before
                FROM (
                    SELECT
                        *,
                        CAST(date_diff('day', LAG(week) OVER (PARTITION BY key ORDER BY week), week) // 7 AS INTEGER)
                            AS gap
                    FROM query_table(source)
                ) AS spaced
            ) AS compared
        ) AS broken
    ) AS numbered
) AS listed;

-- A first measurement has no interval: it follows its sender's rhythm, unless it has since missed more than a
-- measurement is carried. It is an isolated point then.
CREATE TEMP TABLE stock_rhythm AS
SELECT
    s.link AS link, s.cip13 AS cip13, s.participant AS participant, s.week AS week,
    CASE
        WHEN s.has_gap THEN s.due_weeks
        WHEN weeks_between(s.week, COALESCE(s.next_week - 7, n.week)) - d.due_weeks + 1 <= p.carry_weeks
            THEN d.due_weeks
    END AS due_weeks
FROM (
    SELECT *, LEAD(week) OVER (PARTITION BY link, cip13, participant ORDER BY week) AS next_week
    FROM read_rhythm('stock_presence', (link, cip13, participant))
) AS s
CROSS JOIN parameter AS p
INNER JOIN newest_week AS n ON n.link = s.link
INNER JOIN read_rhythm('sender_week', (link, participant)) AS d
    ON d.link = s.link AND d.participant = s.participant AND d.week = s.week;

-- By source, and by sender within it: two files may feed one link, each at its own rhythm.
CREATE TEMP TABLE source_week AS
SELECT DISTINCT source_key, week FROM stock_line;

CREATE TEMP TABLE source_sender_week AS
SELECT DISTINCT source_key, participant, week FROM stock_line;

CREATE TEMP TABLE source_rhythm AS
SELECT source_key, MAX_BY(COALESCE(due_weeks, 0), week) AS due_weeks, MAX(week) AS week
FROM read_rhythm('source_week', source_key)
GROUP BY source_key;
