"""Doubtful rows, held back while a snapshot is built: between ``28_plausibility`` and ``29_held``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from connectors.base import Table, tables
from data.building import promised_dates
from data.building.doubts import Doubt, Measurement, Quantity, reason
from data.building.names import HELD
from data.building.plausibility import doubtful, rules
from data.building.together import STATEMENTS
from data.warehouse import Writer

STEP = "28_plausibility"  # core file after which ``judge`` runs
# Tables viewed as received under another name: queries read what ``29_held.sql`` leaves of them.
HOLDABLE = frozenset(statement.lake_table for statement in STATEMENTS)
# Column of the lake behind each quantity.
QUANTITY_COLUMNS: dict[str, dict[Quantity, str]] = {
    "tracstocks_stock": {"amount": "stock_boxes", "sales": "sales_boxes", "week": "week"},
    "pointstock_stock": {"amount": "stock_boxes", "sales": "sales_boxes", "week": "week"},
    "grossistes_stock": {"amount": "stock_boxes", "sales": "sales_boxes", "week": "week"},
    "openhealth_sales": {"sales": "boxes", "week": "week"},
    "iqvia_coverage": {"amount": "coverage_days", "sales": "sales_boxes", "week": "week"},
    "tracstocks_supply": {"week": "week"},
    "trustmed_version": {"week": "version_on"},
}
# Column that names the reporter, in the tables whose rows may wait with a name.
NAMED_COLUMNS = {table: column for places in HELD.values() for table, column in places}
PROMISE = ("trustmed_version", "expected_return_on")

DOUBTFUL_ROWS = pa.schema(
    [
        *((name, pa.string()) for name in ("row_ref", "lake_table", "load_id")),
        ("sheet", pa.string()),
        ("line", pa.int64()),
        *((name, pa.string()) for name in ("reporter", "item")),
        ("week", pa.date32()),
        *((name, pa.string()) for name in ("rule", "column_name")),
        ("value", pa.float64()),
        ("previous_value", pa.float64()),
        ("previous_week", pa.date32()),
        ("reason", pa.string()),
    ]
)


def judge(writer: Writer) -> None:
    """Between ``28_plausibility.sql`` and ``29_held.sql``: the table ``doubt``, one row per doubtful row."""
    measurements = (Measurement(**row) for row in writer.rows("SELECT * FROM suspect_line"))
    accepted = {row["row_ref"] for row in writer.rows("SELECT row_ref FROM journal_acceptance")}
    rows = [_row(doubt) for doubt in doubtful(measurements, rules(), accepted)]
    refs = {row["row_ref"] for row in rows}
    dated = promised_dates.doubts(writer, {name: _table(name) for name in HOLDABLE})
    rows += [row for row in dated if row["row_ref"] not in refs]
    writer.table("doubt", pa.Table.from_pylist(rows, schema=DOUBTFUL_ROWS), temporary=True)
    _hold_names(writer)
    _hold_contested(writer)
    writer.table("judged_column", pa.Table.from_pylist(list(_columns())), temporary=True)


def _hold_names(writer: Writer) -> None:
    """Rows of a name that waits for an answer (``names.py``): their reporter is the one it may be, so that it stays expected."""
    for table, column in NAMED_COLUMNS.items():
        writer.run(f"""
            INSERT INTO doubt
            SELECT
                load_delivery(load_id) || '/{table}/' || line, lake_table, load_id, '{_table(table).sheet}', line,
                reporter, item, week, 'nom', '{_title(table, column)}', NULL, NULL, NULL, reason
            FROM name_held
            WHERE lake_table = '{table}'
            ORDER BY load_id, line""")


def _hold_contested(writer: Writer) -> None:
    """Rows of files received together that contradict each other (``together.py``): a person says which one counts."""
    for statement in STATEMENTS:
        table = statement.lake_table
        writer.run(f"""
            INSERT INTO doubt
            SELECT
                load_delivery(load_id) || '/{table}/' || line, lake_table, load_id, '{_table(table).sheet}', line,
                reporter, item, week, 'ensemble', '{_title(table, statement.key[-1]).replace("'", "''")}', NULL, NULL, NULL,
                reason
            FROM contested_row
            WHERE lake_table = '{table}'
            ORDER BY load_id, line""")


def _columns() -> Iterator[dict[str, str]]:
    """Titles of the columns compared, as the partner's template writes them."""
    for table, names in QUANTITY_COLUMNS.items():
        for quantity, name in names.items():
            yield {"lake_table": table, "measure": quantity, "column_name": _title(table, name)}
    yield {"lake_table": PROMISE[0], "measure": "promise", "column_name": _title(*PROMISE)}


def _row(doubt: Doubt) -> dict[str, Any]:
    measurement, last = doubt.measurement, doubt.last
    title = _title(measurement.lake_table, QUANTITY_COLUMNS[measurement.lake_table][doubt.quantity])
    return {
        "row_ref": measurement.ref,
        **{name: getattr(measurement, name) for name in ("lake_table", "load_id", "line", "reporter", "item", "week")},
        "sheet": _table(measurement.lake_table).sheet,
        "rule": doubt.rule,
        "column_name": title,
        "value": getattr(measurement, doubt.quantity) if doubt.quantity != "week" else None,
        "previous_value": getattr(last, doubt.quantity) if last else None,
        "previous_week": last.week if last else None,
        "reason": reason(doubt, title),
    }


def _title(table: str, name: str) -> str:
    return _table(table).field(name).headers[0][0]


def _table(name: str) -> Table:
    """The name of a lake table starts with the key of its source."""
    return tables(name.split("_", maxsplit=1)[0])[name]
