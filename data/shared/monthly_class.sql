-- Comptes par classe ATC, sans laboratoire.
SELECT * FROM restricted.monthly_class
