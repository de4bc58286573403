-- Table sans ligne ni colonne propre à un laboratoire.
SELECT * FROM restricted.plan_change
