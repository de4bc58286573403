-- Comptes par DCI, sans laboratoire.
SELECT * FROM restricted.monthly_dci
