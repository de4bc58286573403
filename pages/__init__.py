"""Screens: one folder a section, one file a question; shared parts live in ``components``."""
