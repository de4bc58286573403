-- Compte par DCI, sans laboratoire.
SELECT * FROM restricted.dci
