"""Workbooks for partners: empty templates, and corrected workbooks for quarantined rows."""
