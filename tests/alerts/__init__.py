"""Alerts: rules, life, e-mails, feeds."""
