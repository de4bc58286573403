"""Intentions to stop marketing, and who takes up the demand."""

TITLE = "Arrêts de commercialisation"
