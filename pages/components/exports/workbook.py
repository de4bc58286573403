"""Tables as a workbook: real dates, figures and percentages, a sheet each, and the sheet *Notice*."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter

from pages.components import tokens
from pages.components.exports import notice
from pages.components.exports.cells import Column, Plain, columns_of, harmless, rows_of
from pages.components.exports.notice import Meaning
from pages.components.exports.stamp import Stamp, current

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATA, NOTICE = "Données", "Notice"
NARROWEST, WIDEST, WIDEST_HEADING = 8, 60, 22
_FILTER_ARROW = 3  # characters the arrow of a filter hides
_MEASURED = 2_000  # rows looked at for the width of a column
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_DATES = {"day": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm", "identity": "0"}


def to_xlsx(
    chosen: pd.DataFrame,
    context: Mapping[str, str],
    meaning: Meaning | Mapping[str, str] | None = None,
    stamp: Stamp | None = None,
) -> bytes:
    """One table and its notice. ``meaning``: what its columns say, and how they are made."""
    return to_book({DATA: chosen}, context, meaning, stamp)


def to_book(
    sheets: Mapping[str, pd.DataFrame],
    context: Mapping[str, str],
    meaning: Meaning | Mapping[str, str] | None = None,
    stamp: Stamp | None = None,
) -> bytes:
    """Several tables, one a sheet, and their notice."""
    stamp = current() if stamp is None else stamp
    notice_of = meaning if isinstance(meaning, Meaning) else Meaning(meaning or {})
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": "Vigistock", "subject": stamp.page, "comments": stamp.mark})
        for name, chosen in sheets.items():
            _data_sheet(book, name, columns_of(chosen), stamp)
        _notice_sheet(book, notice.sections(context, stamp, notice_of), stamp)
    return out.getvalue()


def _data_sheet(book: Any, name: str, columns: list[Column], stamp: Stamp) -> None:
    """The mark when there is one, headings, rows; headings stay in sight, and filter."""
    sheet, rows = book.add_worksheet(name), rows_of(columns)
    head = int(stamp.kind is not None)
    if stamp.kind:
        sheet.write_string(0, 0, stamp.mark, _mark(book))
    looks = {column.title: _look(book, column) for column in columns}
    title = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": tokens.SURFACE})
    for place, column in enumerate(columns):
        sheet.write_string(head, place, harmless(column.title), title)
        sheet.set_column(place, place, width(column))
    for line, row in enumerate(rows, start=head + 1):
        for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
            _write(sheet, (line, place), cell, column, looks[column.title])
    sheet.freeze_panes(head + 1, 0)
    if rows:
        sheet.autofilter(head, 0, head + len(rows), len(columns) - 1)
    _on_paper(sheet, name, head, stamp)


def _on_paper(sheet: Any, name: str, head: int, stamp: Stamp) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, head)
    sheet.set_header(f"&LVigistock, {name}&R{stamp.kind.name if stamp.kind else ''}".replace("&&", "&"))
    sheet.set_footer("&R&P / &N")


def _mark(book: Any) -> Any:
    return book.add_format({"bold": True, "font_color": tokens.STATUS["insatisfaisante"].colour})


def _look(book: Any, column: Column) -> Any:
    decimals = "." + "0" * column.digits if column.digits else ""
    kinds = {**_DATES, "whole": "#,##0", "decimal": f"#,##0{decimals}", "percent": f"0{decimals}%"}
    long = {"text_wrap": True} if column.kind == "text" and width(column) == WIDEST else {}
    shape = {"num_format": kinds[column.kind]} if column.kind in kinds else {}
    shape |= {"align": "center"} if column.kind in ("day", "moment") else {}
    return book.add_format({"valign": "top", **shape, **long})


def width(column: Column) -> int:
    """Characters: the longest cell, or the longest word of the heading beside the arrow of its filter."""
    cells = max((len(column.text(cell)) for cell in column.cells[:_MEASURED]), default=0) + 1
    word = max(map(len, column.title.split()), default=0)
    heading = max(word, min(len(column.title), WIDEST_HEADING)) + _FILTER_ARROW
    return min(max(cells, heading, NARROWEST), WIDEST)


def _write(sheet: Any, place: tuple[int, int], cell: Plain, column: Column, look: Any) -> None:
    if cell is None:
        sheet.write_blank(*place, None, look)
    elif isinstance(cell, datetime | date):
        sheet.write_datetime(*place, cell, look)
    elif isinstance(cell, str):
        sheet.write_string(*place, cell, look)
    else:
        sheet.write_number(*place, cell / 100 if column.kind == "percent" else cell, look)


def _notice_sheet(book: Any, sections: list[tuple[str, notice.Lines]], stamp: Stamp) -> None:
    sheet = book.add_worksheet(NOTICE)
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, 1, 110)
    title = book.add_format({"bold": True, "font_size": 13, "bottom": 1})
    label = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
    words = book.add_format({"valign": "top", "text_wrap": True})
    line = 0
    for name, lines in sections:
        if line:  # the mark, when there is one, is the first line of the sheet
            line += 1
            sheet.write_string(line, 0, name, title)
            line += 1
        for heading, text in lines:
            shown = _mark(book) if stamp.kind and heading == stamp.kind.name else label
            sheet.write_string(line, 0, harmless(heading), shown)
            sheet.write_string(line, 1, harmless(text), words)
            line += 1
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
