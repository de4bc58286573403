-- Table sans ligne ni colonne propre à un laboratoire.
SELECT * FROM restricted.public_shortage_anomaly
