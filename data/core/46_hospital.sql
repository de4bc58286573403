-- De quelle DCI et de quel groupe suivi les hôpitaux parlent-ils, et que tiennent leurs pharmacies ?
-- Hospitals write a DCI with a form, or a UCD. The public referential has no UCD: its label is read, as that of
-- Rétroced'AM, of GERS or of the line itself.
CREATE TEMP MACRO is_ucd(code) AS REGEXP_MATCHES(code, '^9\d{6}$');

-- Labels of units abridge the words that the rules of groups look for.
CREATE TEMP MACRO unabridged(words) AS REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(
    folded(words), '\b(inj|s\.?inj)\b', 'injectable', 'g'), '\b(cpr|cp|comp)\b', 'comprime', 'g'),
    '\b(perf|p\.perf)\b', 'perfusion', 'g'), '\bbuv\b', 'buvable', 'g'), '\bsusp\b', 'suspension', 'g');

CREATE TEMP TABLE hospital_name AS
SELECT dci_or_ucd AS written, form AS form FROM dispostock_stock
UNION
SELECT cip13_or_ucd AS written, label AS form FROM gers_sales WHERE circuit = 'hôpital';

CREATE TEMP TABLE ucd_label AS
SELECT ucd AS ucd, MIN_BY(label, (rank, label)) AS label
FROM (
    SELECT ucd AS ucd, label AS label, 1 AS rank FROM retrocedam_year WHERE ucd IS NOT NULL
    UNION ALL
    SELECT written AS ucd, form AS label, 2 AS rank FROM hospital_name WHERE is_ucd(written)
) AS named
WHERE label IS NOT NULL
GROUP BY ucd;

-- The longest DCI that begins the label, else the DCI of the brand that is its first word.
CREATE TEMP TABLE ucd_dci AS
WITH dci_word AS (
    SELECT DISTINCT dci_key, folded(dci) AS words, string_split(folded(dci), ' ')[1] AS word
    FROM speciality
    WHERE dci_key IS NOT NULL
),
begun AS (
    SELECT u.ucd AS ucd, MAX_BY(d.dci_key, LENGTH(d.words)) AS dci_key
    FROM ucd_label AS u
    INNER JOIN dci_word AS d
        ON d.word = string_split(folded(u.label), ' ')[1] AND starts_with(folded(u.label) || ' ', d.words || ' ')
    GROUP BY u.ucd
)
SELECT u.ucd AS ucd, u.label AS label, COALESCE(b.dci_key, f.dci_key) AS dci_key
FROM ucd_label AS u
LEFT JOIN begun AS b ON b.ucd = u.ucd
LEFT JOIN first_word_dci AS f ON f.word = REGEXP_EXTRACT(folded(u.label), '^[a-z][a-z-]{3,}')
WHERE COALESCE(b.dci_key, f.dci_key) IS NOT NULL;

-- ``detail``: 1 a whole DCI, 2 a DCI with its form, 3 a UCD. Of one hospital only one of them counts, the widest.
CREATE TEMP TABLE hospital_product AS
SELECT
    n.written AS written, n.form AS form, COALESCE(n.form, u.label) AS words,
    CASE
        WHEN is_ucd(n.written) THEN u.dci_key ELSE COALESCE(y.dci_key, written_dci_key(n.written))
    END AS dci_key,
    CASE WHEN is_ucd(n.written) THEN 3 WHEN n.form IS NULL THEN 1 ELSE 2 END AS detail
FROM hospital_name AS n
LEFT JOIN ucd_dci AS u ON u.ucd = n.written
LEFT JOIN dci_synonym AS y ON y.name_key = written_dci_key(n.written);

CREATE TEMP TABLE hospital_subject AS
SELECT p.written AS written, p.form AS form, p.detail AS detail, s.subject_id AS subject_id
FROM hospital_product AS p
INNER JOIN subject AS s ON s.subject_id = 'dci:' || p.dci_key
UNION
SELECT p.written AS written, p.form AS form, p.detail AS detail, g.group_id AS subject_id
FROM hospital_product AS p
INNER JOIN tracked_group AS g ON g.dci_key = p.dci_key
INNER JOIN group_rule AS r ON r.group_id = g.group_id
WHERE
    (r.form_pattern = '' OR REGEXP_MATCHES(unabridged(p.words), r.form_pattern))
    AND NOT (r.form_out_pattern <> '' AND REGEXP_MATCHES(unabridged(p.words), r.form_out_pattern))
    AND (
        LEN(r.strengths) = 0
        OR EXISTS (
            SELECT 1
            FROM group_strength AS w
            INNER JOIN denomination_strength AS d
                ON d.strength_key = w.strength_key AND (NOT w.is_sized OR d.written_key = w.written_key)
            WHERE w.group_id = g.group_id AND d.denomination = p.words AND d.is_association = contains(r.dci, ' / ')
        )
    );

-- A hospital, a week, a subject. A use that one of its lines leaves out is unknown, not smaller.
CREATE TEMP TABLE pui_reading AS
WITH reported AS (
    SELECT
        s.subject_id, d.week, d.finess, d.department, d.stock_units, d.daily_use_units,
        s.detail = MIN(s.detail) OVER (PARTITION BY s.subject_id, d.week, d.finess) AS is_widest
    FROM last_line(
        'dispostock_stock',
        (week, finess, folded(dci_or_ucd), CASE WHEN is_ucd(dci_or_ucd) THEN '' ELSE folded(form) END)
    ) AS d
    INNER JOIN hospital_subject AS s ON s.written = d.dci_or_ucd AND s.form IS NOT DISTINCT FROM d.form
)
SELECT
    subject_id AS subject_id, week AS week, finess AS finess, ANY_VALUE(department) AS department,
    SUM(exact_boxes(stock_units)) AS stock_units,
    CASE WHEN COUNT(*) = COUNT(daily_use_units) THEN SUM(exact_boxes(daily_use_units)) END AS daily_use_units
FROM reported
WHERE is_widest
GROUP BY subject_id, week, finess;

-- Hospitals expected and silent: those of the last weeks, with the use they gave last.
CREATE TEMP TABLE pui_silent AS
WITH calendar AS (
    SELECT DISTINCT week FROM pui_reading
),
spaced AS (
    SELECT
        subject_id, finess, week, daily_use_units,
        LEAD(week) OVER (PARTITION BY subject_id, finess ORDER BY week) AS next_week
    FROM pui_reading
)
SELECT
    s.subject_id AS subject_id, c.week AS week, COUNT(*) AS establishments,
    COALESCE(SUM(s.daily_use_units), 0) AS daily_use_units
FROM spaced AS s
CROSS JOIN parameter AS p
INNER JOIN calendar AS c
    ON c.week > s.week AND c.week < s.week + week_days(p.expected_weeks)
    AND (s.next_week IS NULL OR c.week < s.next_week)
GROUP BY s.subject_id, c.week;
