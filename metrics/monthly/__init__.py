"""Declarations of a month and since January."""

TITLE = "Tableau de bord mensuel"
