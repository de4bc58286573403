"""Figures and maps: pure functions table → figure."""
