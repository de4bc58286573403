-- Quels fichiers se contredisent, et lequel l'emporte ?
-- grain : valeur dite deux fois, différemment, pour la même semaine, le même déclarant et la même présentation
-- unité : boîtes, jours de couverture ou date, tels qu'écrits
-- formule : la ligne reçue en dernier est gardée ; chaque ligne qu'elle remplace et qui disait autre chose est donnée
--   ici. Le fichier hebdomadaire d'un grossiste et Point Stock disent la même chose : ils se comparent aussi
-- absence : aucun désaccord
-- source : TracStocks, PointStock, fichier des grossistes, OpenHealth, panel IQVIA, TrustMed
-- règle : le dernier reçu l'emporte, ligne par ligne, et l'écart est dit ; une ligne à confirmer ne remplace rien tant
--   qu'elle n'est pas acceptée. Une date de retour changée sans nouvelle version de la déclaration est un désaccord
--   (IGAS 2025-002R, § 162).
WITH repeated_reading AS (
    SELECT j.lake_table, k.compared_table, j.week, j.reporter, j.item, j.amount, j.sales, j.load_id, j.line
    FROM judged_line AS j
    INNER JOIN (
        SELECT link_table(lake_table) AS compared_table, week, reporter, item
        FROM judged_line
        GROUP BY link_table(lake_table), week, reporter, item
        HAVING COUNT(*) > 1
    ) AS k
        ON k.compared_table = link_table(j.lake_table) AND k.week = j.week AND k.reporter = j.reporter
        AND k.item = j.item
    LEFT JOIN held_row AS h ON h.lake_table = j.lake_table AND h.load_id = j.load_id AND h.line = j.line
    WHERE h.line IS NULL
),
stated_value AS (
    SELECT
        lake_table, compared_table, week, reporter, item, 'amount' AS measure,
        number_words(amount) AS value, load_id, line
    FROM repeated_reading
    WHERE lake_table <> 'openhealth_sales'
    UNION ALL
    SELECT
        lake_table, compared_table, week, reporter, item, 'sales' AS measure,
        number_words(sales) AS value, load_id, line
    FROM repeated_reading
    UNION ALL
    SELECT
        'trustmed_version' AS lake_table, 'trustmed_version' AS compared_table, version_on AS week,
        laboratory AS reporter,
        declaration_no || ' v' || version_no AS item,
        'promise' AS measure, strftime(expected_return_on, '%d/%m/%Y') AS value, load_id, line
    FROM trustmed_version
),
ranked AS (
    SELECT
        s.*,
        FIRST_VALUE(s.value) OVER newest AS value_kept, FIRST_VALUE(s.load_id) OVER newest AS load_kept,
        FIRST_VALUE(s.line) OVER newest AS line_kept
    FROM stated_value AS s
    WINDOW newest AS (
        PARTITION BY s.compared_table, s.week, s.reporter, s.item, s.measure ORDER BY s.load_id DESC, s.line DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
)
SELECT
    n.source_key, r.lake_table, r.week, r.reporter, CASE WHEN r.item LIKE '34009%' THEN r.item END AS cip13,
    COALESCE(p.denomination, g.label, r.item) AS label, c.column_name,
    r.value_kept, n.file_name AS file_kept, n.received_at AS received_kept, r.line_kept,
    r.value AS value_replaced, o.source_key AS source_replaced, o.file_name AS file_replaced,
    o.received_at AS received_replaced, r.line AS line_replaced
FROM ranked AS r
INNER JOIN load AS n ON n.load_id = r.load_kept
INNER JOIN load AS o ON o.load_id = r.load_id
INNER JOIN judged_column AS c ON c.lake_table = r.lake_table AND c.measure = r.measure
LEFT JOIN presentation AS p ON p.cip13 = r.item
LEFT JOIN (SELECT group_id, MIN(label) AS label FROM tracked_group GROUP BY group_id) AS g ON g.group_id = r.item
WHERE r.value IS DISTINCT FROM r.value_kept
ORDER BY r.week DESC, n.source_key, r.reporter, r.item, c.column_name, n.received_at DESC, r.line DESC
