"""From received files to published snapshots: one folder per step, ``warehouse.py`` the only door to DuckDB."""
