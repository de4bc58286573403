"""Quarantined rows, remarks and corrections as lake tables."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from connectors.base import RowIssue, Sheet
from connectors.language.typography import french
from connectors.reading.load_id import row_reference

_TEXTS = ("column_name", "value", "reason", "row_ref", "row_key", "corrects")
ISSUES = pa.schema(
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
VIEWS = {"quarantine_row": ("quarantine", ISSUES), "noted_row": ("noted_value", ISSUES)} | {
    "correction_row": ("correction", CORRECTIONS)
}


def lake_tables(sheets: list[Sheet], load_id: str) -> dict[str, pa.Table]:
    """Quarantined rows, remarks and corrections of a load, by lake table; empty tables are absent."""
    rows_by_table = {
        "quarantine": [_issue_row(item, sheet, load_id) for sheet in sheets for item in sheet.quarantined],
        "noted_value": [_issue_row(item, sheet, load_id) for sheet in sheets for item in sheet.notes],
        "correction": [row for sheet in sheets for row in _corrections(sheet, load_id)],
    }
    kinds = dict(VIEWS.values())
    return {name: pa.Table.from_pylist(rows, schema=kinds[name]) for name, rows in rows_by_table.items() if rows}


def _corrections(sheet: Sheet, load_id: str) -> list[dict[str, Any]]:
    """Loaded rows that carry the reference of a quarantined row, and references of withdrawn rows."""
    corrected = {row["line"]: row["corrects"] for row in sheet.rows if row.get("corrects")}
    return [
        {"load_id": load_id, "table_name": sheet.table, "line": line, "corrects": row_ref, "withdrawn": withdrawn}
        for lines, withdrawn in ((corrected, False), (sheet.withdrawn, True))
        for line, row_ref in lines.items()
    ]


def _issue_row(item: RowIssue, sheet: Sheet, load_id: str) -> dict[str, Any]:
    return {
        "load_id": load_id,
        "table_name": sheet.table,
        "sheet": item.sheet,
        "line": item.line,
        "column_name": item.column,
        "value": item.value,
        "reason": french(item.reason),
        "row_ref": row_reference(load_id, sheet.table, item.line),
        "row_key": item.key,
        "corrects": item.corrects,
        "titles": list(sheet.titles) if item.cells else [],
        "cells": list(item.cells),
    }
