-- Un fichier a perdu des lignes en route.
SELECT * FROM load WHERE rows_in <> rows_loaded + rows_quarantined + rows_ignored
