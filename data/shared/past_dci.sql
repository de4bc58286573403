-- Comptes par DCI et par année, sans laboratoire : combien déclarent, jamais lesquels.
SELECT * FROM restricted.past_dci
