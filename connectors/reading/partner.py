"""What every partner file has in common: a workbook whose sheets fill the tables of a source, or a CSV that fills one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectors.base import RawFile, RefusedFile, Sheet, Table, tables
from connectors.reading.grid import Line, RowCheck, quoted, read_grid
from connectors.reading.text import csv_rows, decode
from connectors.reading.values import fold, is_blank
from connectors.reading.workbook import Grid, read_workbook

NOTICE = "Notice"  # sheet of the templates that explains the columns: never read
ZIP = b"PK"


def read_partner_workbook(
    raw: RawFile, optional: frozenset[str] = frozenset(), check: RowCheck | None = None, missing: str = ""
) -> list[Sheet]:
    """Sheets of the workbook, one per table of the source; raises ``RefusedFile``.

    ``optional``: tables whose sheet may be absent or empty. ``missing``: a text read as an empty cell.
    """
    grids = _by_sheet(read_workbook(raw.path), tables(raw.source))
    sheets = []
    for table in tables(raw.source).values():
        grid = grids.get(fold(table.sheet), [])
        if _filled(grid):
            sheets.append(read_grid(_emptied(enumerate(grid, start=1), missing), table, table.sheet, check))
        elif table.name not in optional:
            raise RefusedFile(f"Feuille obligatoire absente ou vide\u00a0: {quoted(table.sheet)}.")
    return sheets


def read_partner_table(raw: RawFile, check: RowCheck | None = None, missing: str = "") -> list[Sheet]:
    """The only table of a source, from a CSV (``;``) or from a workbook: the bytes decide, not the extension."""
    content = raw.path.read_bytes()
    if content.startswith(ZIP) or raw.name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        return read_partner_workbook(raw, check=check, missing=missing)
    (table,) = tables(raw.source).values()
    lines = _emptied(csv_rows(decode(content)), missing)
    return [read_grid(lines, table, table.sheet, check)]


def _by_sheet(workbook: Mapping[str, Grid], expected: Mapping[str, Table]) -> dict[str, Grid]:
    """Grids by folded name; refuses a filled sheet that no table expects, or two of the same name."""
    names = {fold(table.sheet): table.sheet for table in expected.values()}
    grids: dict[str, Grid] = {}
    for name, grid in workbook.items():
        if fold(name) == fold(NOTICE) or (fold(name) not in names and not _filled(grid)):
            continue
        if fold(name) not in names:
            wanted = ", ".join(map(quoted, names.values()))
            raise RefusedFile(f"Feuille inconnue\u00a0: {quoted(name)}. Feuilles attendues\u00a0: {wanted}.")
        if fold(name) in grids:
            raise RefusedFile(f"Feuille en double\u00a0: {quoted(name)}.")
        grids[fold(name)] = grid
    return grids


def _filled(grid: Grid) -> bool:
    return any(not is_blank(cell) for cells in grid for cell in cells)


def _emptied(lines: Iterable[Line], missing: str) -> Iterable[Line]:
    """Lines where the text ``missing`` (``NA``) is an empty cell."""
    if not missing:
        return lines
    return ((number, [None if cell == missing else cell for cell in cells]) for number, cells in lines)
