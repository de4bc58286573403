"""From the lake to one snapshot: core tables, doubtful rows, metrics, checks, the shared artefact; which snapshots stay."""
