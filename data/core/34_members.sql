-- Que vendent tous les adhérents grossistes-répartiteurs sur la période de référence ?
-- Each wholesaler's file repeats it: of a presentation, the line received last is in force.
CREATE TEMP VIEW member_reference_line AS
SELECT * FROM grossistes_stock WHERE reference_sales_boxes IS NOT NULL;

CREATE TEMP TABLE member_reference AS
SELECT
    cip13, reference_sales_boxes AS boxes, reference_from AS from_on, reference_until AS until_on,
    CAST(date_diff('day', reference_from, reference_until) + 1 AS INTEGER) AS days
FROM last_line('member_reference_line', cip13);
