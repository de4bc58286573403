"""Indicators: one SQL file each (question on its first line), read by one Python module a family."""
