"""Declarations to the European platform, beside those of TrustMed."""

TITLE = "Plateforme européenne"
