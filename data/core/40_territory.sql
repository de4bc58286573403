-- Que mesure le panel d'officines, par territoire et par semaine ?
CREATE TEMP TABLE panel_reading AS
SELECT
    i.group_id AS subject_id, i.level, i.territory, i.week, i.pharmacies, i.sales_boxes, i.sales_trend_pct,
    i.coverage_days, i.share_none_pct, i.share_low_pct, i.share_medium_pct, i.share_high_pct,
    i.pharmacies >= p.floor_pharmacies AND i.sales_boxes >= p.floor_sales_boxes
        AND i.coverage_days IS NOT NULL AS is_reliable
FROM last_line('iqvia_coverage', (group_id, level, territory, week)) AS i
CROSS JOIN parameter AS p;

-- Readings that wait to be confirmed: the territory is in the panel, its figure is not known yet.
CREATE TEMP TABLE panel_pending AS
SELECT DISTINCT r.group_id AS subject_id, r.level, r.territory, r.week
FROM pending_row AS p
INNER JOIN iqvia_coverage_received AS r ON r.load_id = p.load_id AND r.line = p.line
WHERE p.lake_table = 'iqvia_coverage';
