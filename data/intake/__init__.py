"""Intake: from the inbox or HTTP to untouched copies with their provenance."""
