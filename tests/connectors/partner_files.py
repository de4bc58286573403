"""Files as partners write them, typed in the tests and read by the production readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from connectors.base import RawFile, tables

Rows = Sequence[Sequence[object]]
MakeWorkbook = Callable[..., RawFile]


def raw_file(source: str, path: Path) -> RawFile:
    return RawFile(source, path.name, path, datetime(2026, 11, 16, 8, tzinfo=UTC), "0" * 64)


SAMPLES = Path(__file__).resolve().parents[1] / "samples"


def sample(source: str, name: str) -> RawFile:
    """A committed sample, as if it had just been received."""
    return raw_file(source, SAMPLES / source / name)


def titles(source: str, table: str) -> list[str]:
    """Titles of the template, in order."""
    return [field.headers[0][0] for field in tables(source)[table].fields]


def first_sheet(book: Workbook) -> Worksheet:
    """The sheet of a workbook just made, or just opened, by openpyxl."""
    return book.worksheets[0]


def write_workbook(path: Path, sheets: Mapping[str, Rows], *, formulas: bool = False) -> Path:
    """Workbook of ``sheets``; days are real dates of the spreadsheet. ``formulas``: a text in « = » is one."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": formulas}) as book:
        day_format = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day_format)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return path
