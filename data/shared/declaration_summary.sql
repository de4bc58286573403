-- Table sans ligne ni colonne propre à un laboratoire.
SELECT * FROM restricted.declaration_summary
