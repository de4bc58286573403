-- Comptes par niveau de risque, sans laboratoire.
SELECT * FROM restricted.monthly_level
