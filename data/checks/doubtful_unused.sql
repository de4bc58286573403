-- Une ligne à confirmer est entrée dans un chiffre.
SELECT d.row_ref, d.state FROM doubtful_row AS d
INNER JOIN stock_line AS s ON s.load_id = d.load_id AND s.line = d.line
WHERE d.accepted_by IS NULL AND d.lake_table IN ('tracstocks_stock', 'pointstock_stock', 'grossistes_stock')
