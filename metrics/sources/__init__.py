"""What arrived, what was quarantined, what waits for a person."""

TITLE = "Réception des données"
