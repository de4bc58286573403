"""Quarantined rows as a workbook for their partner, in the layout received, to be corrected and dropped again."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from connectors.base import Table, tables
from connectors.language.folding import fold
from connectors.language.typography import french
from connectors.reading.correction import REASON_TITLE, REFERENCE_TITLE
from connectors.reading.header import spellings
from connectors.reading.quarantine import UNTITLED
from data.partners.templates import NOTICE

CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 – a workbook keeps no zone; fixed, so that the same rows give the same bytes
NUMBERS = frozenset(("integer", "decimal", "percent"))
PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(,\d+)?")
ADDED = (fold(REASON_TITLE), fold(REFERENCE_TITLE))
# What the name of a workbook already sent back once carries.
SENT_BEFORE = re.compile(r"^vigistock-(?=.*_a-corriger)|_a-corriger(-\d{4}-\d\d-\d\d)?(-donnees-fictives)?$")
TOO_LONG = "ligne trop longue pour être rendue ici : la reprendre dans le fichier d'origine"
RULES = (
    "Lignes que Vigistock n'a pas pu lire, telles qu'elles ont été reçues.",
    f"La cellule en cause est colorée, la colonne « {REASON_TITLE} » dit pourquoi.",
    f"Corriger ces lignes sans changer les titres ni la colonne « {REFERENCE_TITLE} », puis redéposer ce fichier.",
    "Une ligne sans objet : vider ses cellules et garder sa référence. Elle n'est alors plus attendue.",
)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Layout:
    """Titles as received, without those added by an earlier workbook; ``kept``: positions of their cells in the file."""

    titles: tuple[str, ...]
    kept: tuple[int, ...]

    @property
    def reason(self) -> int:
        return len(self.kept)


def by_file(rows: Iterable[Row]) -> list[list[Row]]:
    """Quarantined rows, one list per delivery: rows of one partner are never sent with those of another."""
    files: dict[str, list[Row]] = {}
    for row in rows:
        files.setdefault(str(row["load_id"]), []).append(row)
    return list(files.values())


def file_name(received: str) -> str:
    """``stocks_S46.csv`` → ``stocks_S46_a-corriger.xlsx``."""
    stem = re.sub(r"[^\w.\-]+", "_", PurePath(received).stem).strip("._") or "fichier"
    return f"{SENT_BEFORE.sub('', stem)[:80]}_a-corriger.xlsx"


def archive(source: str, rows: Iterable[Row], mark: str = "", named: Callable[[str], str] = str) -> bytes:
    """Zip of one workbook per delivery; ``named`` adds to their names what every exported file carries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for rank, own_rows in enumerate(by_file(rows), start=1):
            name = named(f"{rank:02}_{file_name(own_rows[0]['file_name'])}")
            zipped.writestr(zipfile.ZipInfo(name, CREATED.timetuple()[:6]), workbook(source, own_rows, mark))
    return out.getvalue()


def workbook(source: str, rows: Sequence[Row], mark: str = "") -> bytes:
    """The rows of one delivery: a sheet per table, titles and cells as received, then the reason and reference of each row.

    Every sheet of the source is present, if only with its titles, so that the file is accepted as complete. ``mark``:
    of invented data, first line of the notice, since the sheets are read again as they are.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": "Lignes à corriger", "created": CREATED})
        formats = _formats(book)
        for table in tables(source).values():
            mine = [row for row in rows if row["table_name"] == table.name]
            _sheet(book.add_worksheet(table.sheet), table, mine, formats)
        notice = book.add_worksheet(NOTICE)
        notice.set_column(0, 0, 110)
        for line, rule in enumerate(map(french, [*([mark] if mark else []), *RULES])):
            notice.write_string(line, 0, rule)
    return out.getvalue()


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    """``quote_prefix``: a text that begins like a formula stays a text even once edited."""
    text, bad = (
        {"num_format": "@", "quote_prefix": True},
        {"bg_color": "#F8D7DA", "border": 1, "border_color": "#B2182B"},
    )
    looks: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "bottom": 1, "bg_color": "#DCE6F1"},
        "text": text,
        "number": {},
        "bad text": text | bad,
        "bad number": bad,
        "reason": text | {"text_wrap": True, "font_color": "#B2182B"},
        "reference": text | {"font_color": "#5B616B"},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _sheet(sheet: Worksheet, table: Table, rows: Sequence[Row], formats: Mapping[str, Format]) -> None:
    layout = _layout(table, rows)
    for place, title in enumerate((*layout.titles, REASON_TITLE, REFERENCE_TITLE)):
        if title:
            sheet.write_string(0, place, title, formats["title"])
        sheet.set_column(place, place, min(max(len(title) + 2, 12), 40))
    sheet.set_column(layout.reason, layout.reason, 60)
    sheet.freeze_panes(1, 0)
    kinds = _kinds(table, layout)
    for line, row in enumerate(rows, start=1):
        _line(sheet, line, row, layout, kinds, formats)


def _layout(table: Table, rows: Sequence[Row]) -> _Layout:
    received = next((tuple(row["titles"]) for row in rows if len(row["titles"])), ())
    titles = received or tuple(f.headers[0][0] for f in table.fields)
    width = max([len(titles), *(len(row["cells"]) for row in rows)])
    padded = (*titles, *[""] * (width - len(titles)))
    kept = tuple(i for i, title in enumerate(padded) if fold(title) not in ADDED)
    return _Layout(tuple(padded[i] for i in kept), kept)


def _kinds(table: Table, layout: _Layout) -> list[str]:
    accepted = spellings(table)
    return [accepted[fold(title)][0].kind if fold(title) in accepted else "text" for title in layout.titles]


def _line(
    sheet: Worksheet, line: int, row: Row, layout: _Layout, kinds: Sequence[str], formats: Mapping[str, Format]
) -> None:
    cells = list(row["cells"])
    faulty = _faulty(row, layout)
    for place, index in enumerate(layout.kept):
        text = cells[index] if index < len(cells) else ""
        _cell(sheet, line, place, text, kinds[place], formats, bad="bad " if place == faulty else "")
    reason = str(row["reason"]) if cells else french(f"{row['reason']} ({TOO_LONG}, ligne {row['line']})")
    sheet.write_string(line, layout.reason, reason, formats["reason"])
    sheet.write_string(line, layout.reason + 1, str(row["row_ref"]), formats["reference"])


def _faulty(row: Row, layout: _Layout) -> int | None:
    """Position of the cell at fault: by its title as received, or by its number when it had none."""
    column = str(row["column_name"])
    if column in layout.titles:
        return layout.titles.index(column)
    position = column.removeprefix(UNTITLED)
    index = int(position) - 1 if column.startswith(UNTITLED) and position.isdecimal() else -1
    return layout.kept.index(index) if index in layout.kept else None


def _cell(
    sheet: Worksheet, line: int, place: int, text: str, kind: str, formats: Mapping[str, Format], *, bad: str
) -> None:
    if kind in NUMBERS and PLAIN_NUMBER.fullmatch(text):
        sheet.write_number(line, place, float(text.replace(",", ".")), formats[f"{bad}number"])
    elif text:
        sheet.write_string(line, place, text, formats[f"{bad}text"])
    elif bad:
        sheet.write_blank(line, place, None, formats["bad text"])
