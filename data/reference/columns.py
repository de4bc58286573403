"""Columns of published tables, described in French by a ``columns.csv`` beside the queries of each folder.

``table``: the one described, or ``*`` for every table of the folder that has such a column; in ``data/core``, for every
table of the project. ``empty``: what an empty cell means, nothing when no cell is. The shared artefact has the tables of
the restricted one under the same names, hence the same descriptions.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa

from data.settings import PROJECT

CORE = PROJECT / "data" / "core"
METRICS = PROJECT / "metrics"
EVERY = "*"
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("table_name", "column_name")),
        ("order_no", pa.int64()),
        *((name, pa.string()) for name in ("unit", "description", "empty")),
    ]
)


@dataclass(frozen=True)
class Column:
    """A line of a ``columns.csv``; ``folder`` is where it lies."""

    folder: Path
    table: str
    column: str
    unit: str
    description: str
    empty: str


def columns() -> list[Column]:
    """Every line of every file."""
    return [column for folder in (CORE, *sorted(METRICS.iterdir())) for column in _read(folder / "columns.csv")]


def _read(path: Path) -> list[Column]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return [Column(path.parent, **line) for line in csv.DictReader(handle)]


def described(table: str, column: str) -> Column | None:
    """The description nearest to a table: its own, its folder's, the project's."""
    home = _homes().get(table, CORE)
    places = ((home, table, column), (CORE, table, column), (home, EVERY, column), (CORE, EVERY, column))
    return next((_lines()[place] for place in places if place in _lines()), None)


def column_table(published: Iterable[tuple[str, str]]) -> pa.Table:
    """One row per described column of the tables given as (table, column), columns of a table in order."""
    pairs = [*published, *(("column_description", name) for name in SCHEMA.names)]
    rows = [
        {
            "table_name": table,
            "column_name": name,
            "order_no": number,
            **{field: getattr(found, field) or None for field in ("unit", "description", "empty")},
        }
        for number, (table, name) in enumerate(pairs)
        if (found := described(table, name))
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@cache
def _homes() -> dict[str, Path]:
    return {path.stem: path.parent for path in METRICS.glob("*/*.sql")}


@cache
def _lines() -> dict[tuple[Path, str, str], Column]:
    return {(column.folder, column.table, column.column): column for column in columns()}
