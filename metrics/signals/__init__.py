"""Weak signals on any medicine: hints of partners, never a status."""

TITLE = "Signaux faibles"
