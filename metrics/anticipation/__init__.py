"""Ranking of the DCI of a list."""

TITLE = "Classement"
