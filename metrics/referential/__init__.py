"""Substances and what is known of each."""

TITLE = "Référentiel"
