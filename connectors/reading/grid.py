"""A grid of cells → a ``Sheet``: columns found by their titles, then every line loaded, set aside or ignored by rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from connectors.base import Field, RefusedFile, Reject, Row, Sheet, Table
from connectors.reading.values import BadValue, Parser, fold, is_blank, parser

HEADER_WITHIN = 20  # lines in which the header line is looked for: partners put titles and dates above it
LONGEST_VALUE = 200  # characters of a bad value kept for the person who corrects it
TOTAL = re.compile(r"\s*(sous[- ])?tota(l|ux)\b", re.IGNORECASE)

Line = tuple[int, Sequence[object]]
RowCheck = Callable[[Row], None]


@dataclass(frozen=True)
class Column:
    """Where a field is in the lines: its position, its title as found, how its cells are read."""

    field: Field
    index: int
    title: str
    parse: Parser


def read_grid(lines: Iterable[Line], table: Table, sheet: str, check: RowCheck | None = None) -> Sheet:
    """``lines`` (number in the file from 1, cells) under a header line → ``Sheet`` of ``table``.

    Raises ``RefusedFile`` when no header line is found, or its columns are missing, repeated or unknown.
    ``check`` looks at a whole row: it may complete it, or raise ``BadValue`` naming the field.
    """
    remaining = iter(lines)
    top = list(islice(remaining, HEADER_WITHIN))
    position = _header_position(top, table)
    columns = header_columns(top[position][1] if top else (), table, sheet)
    return read_lines(chain(top[position + 1 :], remaining), columns, table, sheet, check)


def positional(table: Table) -> list[Column]:
    """Columns of a file without header line: the order of the header table."""
    return [Column(f, i, f.headers[0][0], parser(f)) for i, f in enumerate(table.fields)]


def read_lines(
    lines: Iterable[Line], columns: list[Column], table: Table, sheet: str, check: RowCheck | None = None
) -> Sheet:
    """Lines under known columns → ``Sheet``. Blank lines and total lines are ignored, and counted as such."""
    result = Sheet(name=sheet, table=table.name)
    to_row = _row_reader(columns, table, check)
    for number, cells in lines:
        result.rows_in += 1
        if _ignored(cells):
            result.rows_ignored += 1
            continue
        try:
            row = to_row(cells)
        except BadValue as error:
            result.rejects.append(_reject(sheet, number, cells, columns, error))
        else:
            row["line"] = number
            result.rows.append(row)
    return result


def header_columns(titles: Sequence[object], table: Table, sheet: str) -> list[Column]:
    """Columns of a header line; raises ``RefusedFile`` with what was expected and what was found."""
    spellings = _spellings(table)
    found = [(i, str(title).strip()) for i, title in enumerate(titles) if not is_blank(title)]
    known = [(i, title, *spellings[fold(title)]) for i, title in found if fold(title) in spellings]
    names = [f.name for _, _, f, _ in known]
    missing = [f for f in table.fields if f.required and f.name not in names]
    unknown = [title for _, title in found if fold(title) not in spellings]
    repeated = [title for _, title, f, _ in known if names.count(f.name) > 1]
    if missing:
        wanted = ", ".join(quoted(f.headers[0][0]) for f in missing)
        raise _refused(sheet, f"colonne obligatoire absente\u00a0: {wanted}", found)
    if unknown:
        raise _refused(sheet, f"colonne inconnue\u00a0: {', '.join(map(quoted, unknown))}", found)
    if repeated:
        raise _refused(sheet, f"colonne en double\u00a0: {', '.join(map(quoted, repeated))}", found)
    return [Column(f, i, title, parser(f, factor)) for i, title, f, factor in known]


def quoted(text: str) -> str:
    """``text`` between French quotation marks."""
    return f"«\u00a0{text}\u00a0»"


def _header_position(top: list[Line], table: Table) -> int:
    """Index of the line that holds the most titles of the table; the first filled line when none holds any."""
    spellings = _spellings(table)
    scores = [sum(isinstance(c, str) and fold(c) in spellings for c in cells) for _, cells in top]
    if any(scores):
        return scores.index(max(scores))
    return next((i for i, (_, cells) in enumerate(top) if not all(map(is_blank, cells))), 0)


def _spellings(table: Table) -> dict[str, tuple[Field, float]]:
    return {fold(title): (f, factor) for f in table.fields for title, factor in f.headers}


def _refused(sheet: str, what: str, found: list[tuple[int, str]]) -> RefusedFile:
    titles = ", ".join(quoted(title[:60]) for _, title in found[:30]) or "aucun"
    return RefusedFile(f"{quoted(sheet)}\u00a0: {what}. Titres trouvés\u00a0: {titles}.")


def _row_reader(columns: list[Column], table: Table, check: RowCheck | None) -> Callable[[Sequence[object]], Row]:
    """Function from the cells of a line to its row, raising ``BadValue`` with the field at fault."""
    blank = dict.fromkeys(f.name for f in table.fields)
    named = {c.index for c in columns}
    absent_lists = [f.name for f in table.fields if f.kind == "list" and f not in {c.field for c in columns}]
    readers = [(c.field.name, c.index, c.parse) for c in columns]
    width = max(named) + 1

    def to_row(cells: Sequence[object]) -> Row:
        padded = cells if len(cells) >= width else [*cells, *[None] * (width - len(cells))]
        row: Row = blank | {name: [] for name in absent_lists}
        name = ""
        try:
            for name, index, parse in readers:
                row[name] = parse(padded[index])
        except BadValue as error:
            raise BadValue(error.reason, name) from None
        if len(padded) > len(named):
            _nothing_outside(padded, named)
        if check:
            check(row)
        return row

    return to_row


def _nothing_outside(cells: Sequence[object], named: set[int]) -> None:
    for index, cell in enumerate(cells):
        if index not in named and not is_blank(cell):
            raise BadValue("valeur dans une colonne sans titre", f"colonne {index + 1}")


def _ignored(cells: Sequence[object]) -> bool:
    """A blank line, or one whose first filled cell begins with the word *total*."""
    first = next((cell for cell in cells if not is_blank(cell)), None)
    return first is None or (isinstance(first, str) and TOTAL.match(first) is not None)


def _reject(sheet: str, line: int, cells: Sequence[object], columns: list[Column], error: BadValue) -> Reject:
    places = {c.field.name: (c.title, c.index) for c in columns}
    if error.field.startswith("colonne "):
        places[error.field] = (error.field, int(error.field.removeprefix("colonne ")) - 1)
    title, index = places.get(error.field, (error.field, len(cells)))
    cell = cells[index] if index < len(cells) else None
    return Reject(sheet, line, title, "" if cell is None else str(cell)[:LONGEST_VALUE], error.reason)
