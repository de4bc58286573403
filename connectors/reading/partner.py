"""Common to every partner file: a workbook whose sheets fill the tables of a source, or a CSV that fills one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from connectors.base import RawFile, RefusedFile, RowIssue, Sheet, Table, tables
from connectors.language.folding import fold
from connectors.language.typography import thousands
from connectors.reading.grid import RowCheck, read_grid
from connectors.reading.header import HEADER_WITHIN, listed, quoted, spellings
from connectors.reading.lines import Line, Lines, is_blank
from connectors.reading.text import DELIMITERS, csv_lines, delimiter_of
from connectors.reading.workbook import WorkbookSheet, open_workbook

NOTICE = "Notice"  # sheet of the templates that explains the columns: never read
ZIP = b"PK"
COMMA = ","
WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def read_partner_workbook(
    raw: RawFile, optional: frozenset[str] = frozenset(), check: RowCheck | None = None, missing: str = ""
) -> list[Sheet]:
    """Sheets of the workbook, one per table of the source, then those that fill none; raises ``RefusedFile``.

    ``optional``: tables whose sheet may be absent or empty. ``missing``: a text read as an empty cell.
    """
    expected = tables(raw.source)
    with open_workbook(raw.path) as sheets:
        filled, extra = _by_table(sheets, expected)
        absent = [t.sheet for t in expected.values() if t.name not in filled and t.name not in optional]
        if absent:
            found = f" Feuilles trouvées : {listed([sheet.name for sheet in extra])}." if extra else ""
            raise RefusedFile(f"Feuille obligatoire absente ou vide : {', '.join(map(quoted, absent))}.{found}")
        read = [
            read_grid(_emptied(filled[name], missing), table, table.sheet, check, raw.received_at.date(), raw.name)
            for name, table in expected.items()
            if name in filled
        ]
        return [*read, *map(_unread, extra)]


def read_partner_table(
    raw: RawFile, check: RowCheck | None = None, missing: str = "", delimiters: str = ";"
) -> list[Sheet]:
    """The only table of a source, from a CSV or from a workbook: the bytes decide, not the extension.

    ``delimiters``: those a CSV may have; another one is read when it cannot cut a number in two, with a remark.
    """
    with raw.path.open("rb") as handle:
        is_zip = handle.read(len(ZIP)) == ZIP
    if is_zip or raw.name.lower().endswith(WORKBOOK_NAMES):
        return read_partner_workbook(raw, check=check, missing=missing)
    (table,) = tables(raw.source).values()
    delimiter = delimiter_of(raw.path, delimiters, lambda text: fold(text) in spellings(table), HEADER_WITHIN)
    lines = csv_lines(raw.path, delimiter)
    if delimiter not in delimiters and delimiter == COMMA:
        lines = Lines(partial(_even, lines, table, delimiters[0]))
    sheet = read_grid(_emptied(lines, missing), table, table.sheet, check, raw.received_at.date(), raw.name)
    if delimiter not in delimiters:
        line = next(number for number, cells in lines if _has_titles(cells, table))
        remark = f"séparateur {DELIMITERS[delimiter]} au lieu de {DELIMITERS[delimiters[0]]} : le fichier est lu ainsi"
        sheet.notes.append(RowIssue(sheet.name, line, "", "", remark))
    return [sheet]


def _even(lines: Lines, table: Table, expected: str) -> Iterator[Line]:
    """Lines as wide as their header; a comma that also marks decimals makes others, which would shift every value."""
    width = 0
    for number, cells in lines:
        if width and any(cells) and len(cells) != width:
            raise RefusedFile(
                f"Séparateur {DELIMITERS[COMMA]} au lieu de {DELIMITERS[expected]}, et ligne {number} de {len(cells)} valeurs"
                f" pour {width} titres : la virgule y marque sans doute aussi les décimales. Enregistrez le fichier en CSV à"
                f" séparateur {DELIMITERS[expected]}."
            )
        width = width or (len(cells) if _has_titles(cells, table) else 0)
        yield number, cells


def _has_titles(cells: Sequence[object], table: Table) -> bool:
    return len(_fields(cells, table)) > 1


def _fields(cells: Sequence[object], table: Table) -> set[str]:
    """Names of the fields whose titles are on this line."""
    accepted = spellings(table)
    return {accepted[fold(cell)][0].name for cell in cells if isinstance(cell, str) and fold(cell) in accepted}


def _by_table(
    sheets: Sequence[WorkbookSheet], expected: Mapping[str, Table]
) -> tuple[dict[str, Lines], list[WorkbookSheet]]:
    """Lines by table, and the filled sheets that are none of theirs.

    Refuses a filled sheet that is hidden, two of the same name, and an unknown one that looks like an expected one.
    """
    names = {fold(table.sheet): table.name for table in expected.values()}
    filled: dict[str, Lines] = {}
    extra: list[WorkbookSheet] = []
    for sheet in sheets:
        if fold(sheet.name) == fold(NOTICE) or not _filled(sheet.lines):
            continue
        if sheet.hidden:
            raise RefusedFile(
                f"Feuille masquée et remplie : {quoted(sheet.name)}. Affichez-la, videz-la ou supprimez-la."
            )
        if fold(sheet.name) not in names:
            _refuse_alike(sheet, expected)
            extra.append(sheet)
            continue
        if names[fold(sheet.name)] in filled:
            raise RefusedFile(f"Feuille en double : {quoted(sheet.name)}.")
        filled[names[fold(sheet.name)]] = sheet.lines
    return filled, extra


def _refuse_alike(sheet: WorkbookSheet, expected: Mapping[str, Table]) -> None:
    """Refuses a sheet under another name with the titles of an expected one, one of them missing at most."""
    for table in expected.values():
        required = {field.name for field in table.fields if field.required}
        for _, cells in islice(sheet.lines, HEADER_WITHIN):
            fields = _fields(cells, table)
            if len(fields) > 1 and len(required - fields) <= 1:
                wanted = ", ".join(quoted(other.sheet) for other in expected.values())
                raise RefusedFile(
                    f"Feuille inconnue : {quoted(sheet.name)}. Elle a les titres de {quoted(table.sheet)} : donnez-lui ce nom,"
                    f" ou supprimez-la. Feuilles attendues : {wanted}."
                )


def _unread(sheet: WorkbookSheet) -> Sheet:
    """The account of a sheet that fills no table, a pivot table, notes, a cover: its lines are ignored, with a remark."""
    lines = [number for number, cells in sheet.lines if not all(map(is_blank, cells))]
    count = f"{thousands(len(lines))} lignes remplies" if len(lines) > 1 else "1 ligne remplie"
    remark = RowIssue(sheet.name, lines[0], "", "", f"feuille inconnue, non lue ({count})")
    return Sheet(sheet.name, "", rows_in=len(lines), rows_ignored=len(lines), notes=[remark])


def _filled(lines: Lines) -> bool:
    return any(not is_blank(cell) for _, cells in lines for cell in cells)


def _emptied(lines: Lines, missing: str) -> Lines:
    """Lines where the text ``missing`` (``NA``) is an empty cell."""
    return replace(lines, begin=partial(_without, lines, missing)) if missing else lines


def _without(lines: Lines, missing: str) -> Iterator[Line]:
    return ((number, [None if cell == missing else cell for cell in cells]) for number, cells in lines)
