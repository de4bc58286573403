"""Declarations of laboratories, their promised dates and their measures."""

TITLE = "Déclarations"
