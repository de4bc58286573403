"""Préparations magistrales that the agency recommended and counted."""

TITLE = "Préparations magistrales"
