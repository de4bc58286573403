-- Table sans ligne ni colonne propre à un laboratoire.
SELECT * FROM restricted.regional_alert
