-- Comptes par mois, sans laboratoire : combien déclarent, jamais lesquels.
SELECT * FROM restricted.monthly_count
