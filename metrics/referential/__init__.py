"""Substances, and the data available for each."""

TITLE = "Référentiel"
