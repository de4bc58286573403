-- Que peut-on partager des grossistes-répartiteurs et du panel d'officines ?
-- Their days of coverage reveal no quantity: multiply every box by ten and they stay the same. So days are shared, for
-- one laboratory's medicine too, as long as no box of theirs is beside them. A wholesaler's own days are its secret.
CREATE TEMP TABLE wholesalers_on_few AS
SELECT subject_id, week
FROM (
    SELECT s.subject_id AS subject_id, w.week AS week, w.firm AS firm, SUM(w.sales_boxes) AS boxes
    FROM (
        SELECT r.week AS week, r.cip13 AS cip13, f.firm AS firm, r.sales_boxes AS sales_boxes
        FROM stock_week AS r
        LEFT JOIN firm AS f ON f.kind = 'grossiste' AND f.name = r.participant
        WHERE r.link = 'grossistes'
        UNION ALL
        SELECT week, cip13, CAST(NULL AS VARCHAR) AS firm, sales_boxes FROM waiting_name_line WHERE link = 'grossistes'
    ) AS w
    INNER JOIN subject_presentation AS s ON s.cip13 = w.cip13
    GROUP BY s.subject_id, w.week, w.firm
) AS by_wholesaler
GROUP BY subject_id, week
HAVING stands_on_few(
    COUNT(firm),
    COALESCE(MAX(CASE WHEN firm IS NOT NULL THEN boxes END), 0)
    + COALESCE(SUM(CASE WHEN firm IS NULL THEN boxes END), 0),
    SUM(boxes)
);

-- Boxes of the panel come without their laboratories: the market shows whose they are, by what pharmacies dispense,
-- else by what laboratories sell. All weeks or none, and groups that overlap together, since days stay beside them.
CREATE TEMP TABLE panel_group_on_few AS
WITH panel_verdict AS (
    SELECT
        r.subject_id AS subject_id,
        COALESCE(d.hidden_for, CASE WHEN d.subject_id IS NULL THEN v.hidden_for END) AS hidden_for,
        d.subject_id IS NOT NULL OR v.subject_id IS NOT NULL AS is_known
    FROM (SELECT DISTINCT subject_id, week FROM panel_reading) AS r
    LEFT JOIN share_verdict AS d ON d.series = 'dispensation' AND d.subject_id = r.subject_id AND d.week = r.week
    LEFT JOIN share_verdict AS v ON v.series = 'ventes' AND v.subject_id = r.subject_id AND v.week = r.week
)
SELECT subject_id
FROM panel_verdict
GROUP BY subject_id
HAVING COUNT(CASE WHEN is_known THEN 1 END) = 0 OR COUNT(CASE WHEN hidden_for IN ('peu', 'difference') THEN 1 END) > 0;

CREATE TEMP TABLE panel_on_few AS
SELECT subject_id FROM panel_group_on_few
UNION
SELECT other.subject_id
FROM panel_group_on_few AS f
INNER JOIN subject_presentation AS mine ON mine.subject_id = f.subject_id
INNER JOIN subject_presentation AS other ON other.cip13 = mine.cip13;
