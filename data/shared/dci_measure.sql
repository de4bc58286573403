-- Mesures comptées par DCI : ni laboratoire, ni déclaration, ni volume servi, ni précision.
SELECT
    m.dci_key, m.dci, m.measure, m.phase,
    COUNT(DISTINCT m.declaration_no) AS declarations,
    CAST(date_trunc('month', MIN(m.start_on)) AS DATE) AS first_month
FROM restricted.measure AS m
WHERE m.dci_key IS NOT NULL
GROUP BY m.dci_key, m.dci, m.measure, m.phase
ORDER BY m.dci_key, m.measure, m.phase
