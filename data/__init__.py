"""From received files to published snapshots: settings, raw copies, lake, build, and the door to DuckDB."""
