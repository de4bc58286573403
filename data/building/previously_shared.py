"""What the snapshot in force has already shared: the next one may repeat or hide it, never change it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from data.warehouse import Writer, current

TOTAL = pa.schema(
    [("series", pa.string()), ("subject_id", pa.string()), ("week", pa.date32()), ("content", pa.string())]
)
BOX = pa.schema([("series", pa.string()), ("cip13", pa.string()), ("week", pa.date32())])
_KEPT = {
    "shared_total_before": ("secrecy_shared_total", TOTAL),
    "shared_box_before": ("secrecy_shared_box", BOX),
}


def remember(writer: Writer, snapshots: Path, *, is_demo: bool) -> None:
    """Temporary tables ``shared_*_before``; empty at the first snapshot, and when real files take the demo's place."""
    name = current(snapshots)
    held = writer.attach(snapshots / name / "restricted.duckdb", "before", read_only=True) if name else frozenset()
    has_tables = {table for table, _ in _KEPT.values()} <= held
    same = has_tables and writer.rows("SELECT is_demo FROM before.snapshot_info") == [{"is_demo": is_demo}]
    for kept, (table, schema) in _KEPT.items():
        if same:
            columns = ", ".join(schema.names)
            writer.run(f"CREATE TEMP TABLE {kept} AS SELECT {columns} FROM before.{table}")
        else:
            writer.table(kept, schema.empty_table(), temporary=True)
    if name:
        writer.detach("before")
