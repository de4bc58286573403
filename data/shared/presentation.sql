-- Référentiel public (BDPM).
SELECT * FROM restricted.presentation
