"""Common to every partner file: a workbook whose sheets fill the tables of a source, or a CSV that fills one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from connectors.base import RawFile, RefusedFile, Sheet, Table, tables
from connectors.language.folding import fold
from connectors.reading.grid import RowCheck, read_grid
from connectors.reading.header import quoted
from connectors.reading.lines import Line, Lines, is_blank
from connectors.reading.text import csv_lines
from connectors.reading.workbook import WorkbookSheet, open_workbook

NOTICE = "Notice"  # sheet of the templates that explains the columns: never read
ZIP = b"PK"
WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def read_partner_workbook(
    raw: RawFile, optional: frozenset[str] = frozenset(), check: RowCheck | None = None, missing: str = ""
) -> list[Sheet]:
    """Sheets of the workbook, one per table of the source; raises ``RefusedFile``.

    ``optional``: tables whose sheet may be absent or empty. ``missing``: a text read as an empty cell.
    """
    with open_workbook(raw.path) as sheets:
        filled = _by_table(sheets, tables(raw.source))
        absent = [t.sheet for t in tables(raw.source).values() if t.name not in filled and t.name not in optional]
        if absent:
            raise RefusedFile(f"Feuille obligatoire absente ou vide : {', '.join(map(quoted, absent))}.")
        return [
            read_grid(_emptied(filled[name], missing), table, table.sheet, check)
            for name, table in tables(raw.source).items()
            if name in filled
        ]


def read_partner_table(
    raw: RawFile, check: RowCheck | None = None, missing: str = "", delimiters: str = ";"
) -> list[Sheet]:
    """The only table of a source, from a CSV or from a workbook: the bytes decide, not the extension.

    ``delimiters``: those a CSV may have; the most frequent in its first line is taken.
    """
    with raw.path.open("rb") as handle:
        is_zip = handle.read(len(ZIP)) == ZIP
    if is_zip or raw.name.lower().endswith(WORKBOOK_NAMES):
        return read_partner_workbook(raw, check=check, missing=missing)
    (table,) = tables(raw.source).values()
    return [read_grid(_emptied(csv_lines(raw.path, delimiters), missing), table, table.sheet, check)]


def _by_table(sheets: Sequence[WorkbookSheet], expected: Mapping[str, Table]) -> dict[str, Lines]:
    """Lines by table; refuses a filled sheet that is hidden or unknown, and two of the same name."""
    names = {fold(table.sheet): table.name for table in expected.values()}
    filled: dict[str, Lines] = {}
    for sheet in sheets:
        if fold(sheet.name) == fold(NOTICE) or not _filled(sheet.lines):
            continue
        if sheet.hidden:
            raise RefusedFile(
                f"Feuille masquée et remplie : {quoted(sheet.name)}. Affichez-la, videz-la ou supprimez-la."
            )
        if fold(sheet.name) not in names:
            wanted = ", ".join(quoted(table.sheet) for table in expected.values())
            raise RefusedFile(f"Feuille inconnue : {quoted(sheet.name)}. Feuilles attendues : {wanted}.")
        if names[fold(sheet.name)] in filled:
            raise RefusedFile(f"Feuille en double : {quoted(sheet.name)}.")
        filled[names[fold(sheet.name)]] = sheet.lines
    return filled


def _filled(lines: Lines) -> bool:
    return any(not is_blank(cell) for _, cells in lines for cell in cells)


def _emptied(lines: Lines, missing: str) -> Lines:
    """Lines where the text ``missing`` (``NA``) is an empty cell."""
    return Lines(partial(_without, lines, missing)) if missing else lines


def _without(lines: Lines, missing: str) -> Iterator[Line]:
    return ((number, [None if cell == missing else cell for cell in cells]) for number, cells in lines)
