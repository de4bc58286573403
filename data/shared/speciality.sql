-- Référentiel public (BDPM).
SELECT * FROM restricted.speciality
