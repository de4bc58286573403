"""A table as CSV: UTF-8 with BOM, « ; », decimal comma, what French spreadsheets open."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date

import pandas as pd

from pages.components.exports import notice
from pages.components.exports.cells import Column, Plain, columns_of, harmless, plain_number, rows_of
from pages.components.exports.stamp import Stamp, current

SOURCES = "Sources"


def to_csv(chosen: pd.DataFrame, context: Mapping[str, str], stamp: Stamp | None = None) -> bytes:
    """The notice first, lines in « # » (invented data say so on the first); then headings and rows."""
    stamp = current() if stamp is None else stamp
    columns = columns_of(chosen)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([f"# {name}", harmless(value)] for name, value in notice.head(context, stamp))
    if sources := stamp.sources():
        writer.writerow([f"# {SOURCES}", " · ".join(sources)])
    writer.writerow([harmless(column.title) for column in columns])
    writer.writerows([_cell(c, cell) for c, cell in zip(columns, row, strict=True)] for row in rows_of(columns))
    return out.getvalue().encode("utf-8-sig")


def _cell(column: Column, cell: Plain) -> str:
    """Figures without thousands, so that they are read as figures; all else as on screen."""
    if cell is None or isinstance(cell, str | date):
        return column.text(cell)
    return plain_number(cell)
