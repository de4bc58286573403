"""Workbooks for partners: empty templates, and quarantined rows sent back for correction."""
