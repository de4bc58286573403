"""Rows set aside: what the lake keeps of them, and which were answered since by a corrected row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.base import Reject, Sheet, Table
from connectors.reading.returned import reference
from data.warehouse import Writer

_TEXTS = ("column_name", "value", "reason", "row_ref", "row_key", "corrects")
REJECTS = pa.schema(
    [
        *((name, pa.string()) for name in ("load_id", "table_name", "sheet")),
        ("line", pa.int64()),
        *((name, pa.string()) for name in _TEXTS),
        *((name, pa.list_(pa.string())) for name in ("titles", "cells")),
    ]
)
CORRECTIONS = pa.schema(
    [
        *((name, pa.string()) for name in ("load_id", "table_name")),
        ("line", pa.int64()),
        ("corrects", pa.string()),
    ]
)
VIEWS = {"quarantine_row": ("quarantine", REJECTS), "noted_row": ("noted_value", REJECTS)} | {
    "correction_row": ("correction", CORRECTIONS)
}


def lake_tables(sheets: list[Sheet], load_id: str) -> dict[str, pa.Table]:
    """Rows set aside, remarks and corrections of a load, by lake table; a table without a row is absent."""
    found = {
        "quarantine": [_reject_row(item, sheet, load_id) for sheet in sheets for item in sheet.rejects],
        "noted_value": [_reject_row(item, sheet, load_id) for sheet in sheets for item in sheet.notes],
        "correction": [
            {"load_id": load_id, "table_name": sheet.table, "line": row["line"], "corrects": row["corrects"]}
            for sheet in sheets
            for row in sheet.rows
            if row.get("corrects")
        ],
    }
    kinds = dict(VIEWS.values())
    return {name: pa.Table.from_pylist(rows, schema=kinds[name]) for name, rows in found.items() if rows}


def _reject_row(item: Reject, sheet: Sheet, load_id: str) -> dict[str, Any]:
    return {
        "load_id": load_id,
        "table_name": sheet.table,
        "sheet": item.sheet,
        "line": item.line,
        "column_name": item.column,
        "value": item.value,
        "reason": item.reason,
        "row_ref": reference(load_id, sheet.table, item.line),
        "row_key": item.key,
        "corrects": item.corrects,
        "titles": list(sheet.titles) if item.cells else [],
        "cells": list(item.cells),
    }


def views(writer: Writer, files: Mapping[str, list[Path]], known: Mapping[str, Table]) -> None:
    """``quarantine_row``, ``noted_row``, ``correction_row`` over the loads in force, and ``row_again``.

    ``known``: views over the lake by name, with the table each shows. ``row_again`` tells the later loads where the
    row of a key set aside was read: a file sent again whole, corrected but without references.
    """
    for name, (kept, kinds) in VIEWS.items():
        writer.view(name, files.get(kept, []), kinds)
    found = [_again(view, table) for view, table in known.items() if table.key]
    writer.run(f"CREATE TEMP TABLE row_again AS {' UNION ALL '.join([_NONE, *found])}")


_NONE = "SELECT row_ref, load_id FROM quarantine_row WHERE FALSE"


def _again(view: str, table: Table) -> str:
    return f"""
        SELECT q.row_ref, MIN(t.load_id) AS load_id
        FROM quarantine_row AS q
        INNER JOIN {view} AS t ON {_key(table.key)} = q.row_key
        WHERE q.table_name = '{table.name}' AND q.row_key <> '' AND t.load_id <> q.load_id
            AND substr(t.load_id, 1, 15) >= substr(q.load_id, 1, 15)
        GROUP BY q.row_ref"""


def _key(names: Iterable[str]) -> str:
    """Key of a row as text, spelt as ``Reject.key``; the moment of reception begins the name of a load."""
    parts = (f"COALESCE(CAST(t.{name} AS VARCHAR), '')" for name in names)
    return f"concat_ws('|', {', '.join(parts)})"
