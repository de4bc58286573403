"""From received files to published snapshots: one folder per step; only ``warehouse.py`` opens DuckDB."""
