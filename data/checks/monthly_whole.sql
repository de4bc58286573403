-- Les mois, les niveaux et les classes du tableau mensuel font-ils leur total ?
WITH expected AS (
    SELECT
        c.month, c.span, c.declarations, c.specialities,
        SUM(m.declarations) AS added_declarations
    FROM monthly_count AS c
    INNER JOIN monthly_count AS m
        ON m.span = 'mois' AND m.source_key = c.source_key AND m.month <= c.month
        AND m.month >= CASE c.span WHEN 'cumul' THEN c.first_month ELSE c.month END
    GROUP BY c.month, c.span, c.declarations, c.specialities
),
levels AS (
    SELECT month, span, SUM(situations) AS situations, SUM(declarations) AS declarations
    FROM monthly_level GROUP BY month, span
),
classes AS (
    SELECT month, span, SUM(situations) AS situations, SUM(declarations) AS declarations
    FROM monthly_class GROUP BY month, span
)
SELECT e.*
FROM expected AS e
LEFT JOIN levels AS l ON l.month = e.month AND l.span = e.span
LEFT JOIN classes AS k ON k.month = e.month AND k.span = e.span
WHERE e.declarations <> e.added_declarations
    OR COALESCE(l.situations, 0) <> e.specialities OR COALESCE(l.declarations, 0) <> e.declarations
    OR COALESCE(k.situations, 0) <> e.specialities OR COALESCE(k.declarations, 0) <> e.declarations
