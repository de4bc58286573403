"""What changed between two snapshots; computed when read."""

TITLE = "Revue du jour"
