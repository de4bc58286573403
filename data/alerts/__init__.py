"""Alerts: rules of ``data/reference/alerts.toml``, what each role has not seen, the e-mail digest, the Atom feeds."""
