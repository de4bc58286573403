-- Règles d'alerte que la version partageable peut calculer.
SELECT * FROM restricted.alert_rule WHERE NOT is_secret
