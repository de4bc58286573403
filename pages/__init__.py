"""Screens: one folder per section, one file per question; shared parts live in ``components``."""
