-- Pharmacies hospitalières par département : des jours, jamais d'unités, et d'au moins autant de PUI que le plancher.
SELECT
    h.subject_id, h.department, h.name, h.week, h.establishments, CAST(NULL AS DOUBLE) AS stock_units,
    CAST(NULL AS DOUBLE) AS daily_use_units, h.coverage_days, h.status
FROM restricted.pui_department AS h
INNER JOIN restricted.threshold AS t ON t.name = 'floor_pui'
WHERE h.establishments >= t.value
