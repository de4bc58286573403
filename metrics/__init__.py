"""Indicators: one folder per family, one SQL file per indicator (its question on the first line), read by ``queries.py``."""
