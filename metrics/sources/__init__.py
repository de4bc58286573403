"""Deliveries, quarantined rows, doubtful rows."""

TITLE = "Réception des données"
