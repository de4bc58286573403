-- Données publiques, sans ligne ni colonne propre à un laboratoire.
SELECT * FROM restricted.reimbursed_source
