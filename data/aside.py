"""Rows set aside: what the lake keeps of them, and which were answered since by a corrected row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.base import Reject, Sheet, Table
from connectors.reading.returned import LAYOUT_MARK, reference
from data.warehouse import Writer

MOST_RETURNS = 20  # times one row may come and go
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
        ("withdrawn", pa.bool_()),
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
        "correction": [row for sheet in sheets for row in _corrections(sheet, load_id)],
    }
    kinds = dict(VIEWS.values())
    return {name: pa.Table.from_pylist(rows, schema=kinds[name]) for name, rows in found.items() if rows}


def _corrections(sheet: Sheet, load_id: str) -> list[dict[str, Any]]:
    """Rows loaded that carry the reference of a row set aside, and references of rows given up."""
    corrected = {row["line"]: row["corrects"] for row in sheet.rows if row.get("corrects")}
    return [
        {"load_id": load_id, "table_name": sheet.table, "line": line, "corrects": found, "withdrawn": withdrawn}
        for lines, withdrawn in ((corrected, False), (sheet.withdrawn, True))
        for line, found in lines.items()
    ]


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
    """``quarantine_row``, ``noted_row``, ``correction_row`` over the loads in force, ``row_again``, ``corrected_row``.

    ``known``: views over the lake by name, with the table each shows. ``row_again`` tells the later loads where the
    row of a key set aside was read: a file sent again whole, corrected but without references. ``corrected_row`` tells
    to which load a corrected row belongs: where a later file replaces an earlier one whole, a correction does not.
    """
    for name, (kept, kinds) in VIEWS.items():
        writer.view(name, files.get(kept, []), kinds)
    found = [_again(view, table) for view, table in known.items() if table.key]
    writer.run(f"CREATE TEMP TABLE row_again AS {' UNION ALL '.join([_NONE, *found])}")
    writer.run(_CORRECTED)


# From reference to reference, when a correction was set aside in its turn; the load may have been read again since.
_CORRECTED = f"""
    CREATE TEMP TABLE corrected_row AS
    WITH RECURSIVE chain AS (
        SELECT table_name, load_id, line, corrects, 1 AS depth FROM correction_row WHERE NOT withdrawn
        UNION ALL
        SELECT c.table_name, c.load_id, c.line, q.corrects, c.depth + 1
        FROM chain AS c
        INNER JOIN quarantine_row AS q ON q.row_ref = c.corrects AND q.corrects <> ''
        WHERE c.depth < {MOST_RETURNS}
    )
    SELECT c.table_name, c.load_id, c.line, MIN(l.load_id) AS belongs_to
    FROM chain AS c
    INNER JOIN load AS l ON substr(l.load_id, 1, length(l.load_id) - {LAYOUT_MARK}) = split_part(c.corrects, '/', 1)
    GROUP BY c.table_name, c.load_id, c.line
"""
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
