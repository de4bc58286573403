"""Quarantined rows, remarks and corrections as the lake keeps them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from connectors.base import Reject, Sheet
from connectors.reading.load_id import row_reference

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
        "row_ref": row_reference(load_id, sheet.table, item.line),
        "row_key": item.key,
        "corrects": item.corrects,
        "titles": list(sheet.titles) if item.cells else [],
        "cells": list(item.cells),
    }
