"""ANSM's public list of shortages, photograph after photograph."""

TITLE = "Liste publique de l'ANSM"
