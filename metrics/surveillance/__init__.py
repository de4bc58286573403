"""Epidemics and heat, beside the figures of supply."""

TITLE = "Épidémies et canicule"
