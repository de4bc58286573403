"""Facts that a rule watches, with their level."""

TITLE = "Alertes"
