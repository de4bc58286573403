-- Alertes d'officines comptées par DCI, groupe et plan, par département : ni présentation, ni laboratoire, ni numéro.
SELECT * FROM restricted.pharmacy_alert_place
