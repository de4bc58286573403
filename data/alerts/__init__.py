"""Alerts: rules of ``data/reference/alerts.toml``, what each role has not seen yet, the e-mail digest, the Atom feeds."""
