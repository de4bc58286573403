"""What pharmacies and regional agencies report from the field: hints by territory, never a status."""

TITLE = "Remontées du terrain"
