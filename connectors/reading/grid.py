"""A grid of cells → a ``Sheet``: columns matched by their headers, then every line loaded, quarantined or ignored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from connectors.base import RefusedFile, Row, RowIssue, Sheet, Table
from connectors.language.folding import fold
from connectors.language.typography import thousands
from connectors.reading import duplicates
from connectors.reading.conventions import settled
from connectors.reading.correction import corrected
from connectors.reading.header import Header, find_header, quoted, spellings
from connectors.reading.hidden import HiddenCells
from connectors.reading.lines import Line, Lines, is_blank
from connectors.reading.quarantine import (
    LONGEST_VALUE,
    MOST_NOTES,
    UNTITLED,
    Quarantine,
    reference_in,
    untitled_column,
)
from connectors.reading.remarks import Remarks
from connectors.reading.values import BadValue, Converted, Noted

TOTAL = re.compile(r"\s*(sous[- ]|grand )?tota(l|ux)\b", re.IGNORECASE)
ONLY_TOTAL = re.compile(  # words that no name of a company adds to « total »
    r"\s*(sous[- ]|grand )?tota(l|ux)(\s+(g[ée]n[ée]ra(l|ux)|g[ée]n[ée]rale|ville|h[ôo]pital|france|national|r[ée]sultat"
    r"|de|des|du|la|le|semaine|mois|stocks?|ventes?|bo[îi]tes|\d[\d/.-]*(s\d+)?|s\d+))*[\s:=]*",
    re.IGNORECASE,
)
SECOND_HEADER = 2  # header spellings on a line below the header that make it another header
NUMBERS = frozenset(("integer", "decimal", "percent"))
TEXTS = frozenset(("text", "choice", "list"))
CODES = frozenset(("cip13", "cis"))

RowCheck = Callable[[Row], None]


def read_grid(
    lines: Iterable[Line],
    table: Table,
    sheet: str,
    check: RowCheck | None = None,
    received: date | None = None,
    file: str = "",
) -> Sheet:
    """``lines`` (number in the file from 1, cells) under a header line → ``Sheet`` of ``table``.

    Raises ``RefusedFile`` when no header line is found, its columns are missing, repeated or unknown, a second header
    line follows, an untitled column is filled, a hidden line or column is filled, or its weeks are not weeks.
    ``received`` and ``file``: day of reception and name, which weeks are compared with. ``check`` validates a whole row: it may complete it, or raise
    ``BadValue`` naming the field. Lines are read again when rows conflict.
    """
    rereadable = lines if isinstance(lines, Lines) else _held(lines)
    header = settled(rereadable, find_header(rereadable, table, sheet), sheet, received, file)
    result = Sheet(name=sheet, table=table.name, titles=header.titles, layout=header.layout)
    quarantine = Quarantine(result, header, table)
    _Reading(header, table, quarantine, check).read(rereadable)
    _refuse_untitled(result)
    duplicates.settle(quarantine, rereadable)
    _note_conversions(result, header)
    return result


def _held(lines: Iterable[Line]) -> Lines:
    return Lines(lambda kept=list(lines): iter(kept))  # type: ignore[misc]


@dataclass
class _Reading:
    """One pass over the lines below the header."""

    header: Header
    table: Table
    quarantine: Quarantine
    check: RowCheck | None
    first: bool = True

    def read(self, lines: Lines) -> None:
        result, remarks = self.quarantine.sheet, Remarks(self.quarantine.sheet)
        to_row = _row_reader(self.header, self.table, self.check, remarks)
        hidden = HiddenCells(lines.hidden, self.header)
        for number, cells in _below(lines, self.header.line):
            result.rows_in += 1
            if self._ignored(number, cells):
                result.rows_ignored += 1
                continue
            hidden.note(number, cells)
            try:
                row = to_row(cells)
            except BadValue as error:
                remarks.drop()
                self._quarantine(number, cells, error)
            else:
                remarks.keep(number)
                row["line"] = number
                result.rows.append(row)
            self.first = False
        hidden.refuse(result.name)
        remarks.end()

    def _ignored(self, number: int, cells: Sequence[object]) -> bool:
        """A blank line, or a total; a name that begins like one is a row when its code is filled."""
        first = next((cell for cell in cells if not is_blank(cell)), None)
        if first is None:
            return True
        if not isinstance(first, str) or not TOTAL.match(first):
            return False
        codes = [column for column in self.header.columns if column.field.kind in CODES]
        is_only_total = ONLY_TOTAL.fullmatch(first) is not None
        if not is_only_total and any(_is_filled(cells, column.index) for column in codes):
            return False
        if not is_only_total or any(_reads_filled(column.parse, cells, column.index) for column in codes):
            self.quarantine.sheet.notes.append(
                RowIssue(self.quarantine.sheet.name, number, "", first[:LONGEST_VALUE], "ligne de total : ignorée")
            )
        return True

    def _quarantine(self, number: int, cells: Sequence[object], error: BadValue) -> None:
        """Handle an unreadable line: a repeated header is ignored, another table refuses the file, the rest is quarantined."""
        if reference := self._withdrawn(cells):
            self.quarantine.sheet.withdrawn[number] = reference
        if reference or self._is_header(number, cells):
            self.quarantine.sheet.rows_ignored += 1
            return
        if self.first and _continues_titles(cells, self.header):
            raise RefusedFile(
                f"{quoted(self.quarantine.sheet.name)} : la ligne {number} continue les titres de la ligne"
                f" {self.header.line}. Une seule ligne de titres est attendue, avec l'unité dans le titre."
            )
        self.quarantine.add(number, cells, error)

    def _withdrawn(self, cells: Sequence[object]) -> str:
        """Reference of a row sent back empty: only its reason and reference are filled."""
        added = (self.header.reference, self.header.reason)
        if self.header.reference is None or any(not is_blank(c) for i, c in enumerate(cells) if i not in added):
            return ""
        return reference_in(cells, self.header, self.table)

    def _is_header(self, number: int, cells: Sequence[object]) -> bool:
        """True for the same header again (a page break repeats it); raises ``RefusedFile`` for another one."""
        accepted = spellings(self.table)
        titles = [fold(cell) if isinstance(cell, str) else "" for cell in cells]
        if sum(title in accepted for title in titles) < SECOND_HEADER:
            return False
        if _filled(titles) == _filled([fold(title) for title in self.header.titles]):
            return True
        raise RefusedFile(
            f"{quoted(self.quarantine.sheet.name)} : deuxième ligne de titres à la ligne {number}, différente de celle de la"
            f" ligne {self.header.line}. Un seul tableau par feuille est attendu."
        )


def _below(lines: Lines, header: int) -> Iterator[Line]:
    """Lines under the header line; their numbers are those of the file."""
    remaining = iter(lines)
    for number, _ in remaining:
        if number >= header:
            break
    return remaining


def _filled(titles: list[str]) -> dict[int, str]:
    return {i: title for i, title in enumerate(titles) if title}


def _row_reader(
    header: Header, table: Table, check: RowCheck | None, remarks: Remarks
) -> Callable[[Sequence[object]], Row]:
    """Function from the cells of a line to its row, raising ``BadValue`` with the faulty field."""
    blank = dict.fromkeys(f.name for f in table.fields)
    absent_lists = [f.name for f in table.fields if f.kind == "list" and f not in {c.field for c in header.columns}]
    readers = [(c.field.name, c.index, c.parse) for c in header.columns]
    titles = {c.field.name: c.title for c in header.columns}
    titled, reference = header.titled, header.reference
    width = max(titled) + 1

    def to_row(cells: Sequence[object]) -> Row:
        padded = cells if len(cells) >= width else [*cells, *[None] * (width - len(cells))]
        row: Row = blank | {name: [] for name in absent_lists}
        name = ""
        try:
            for name, index, parse in readers:
                value = parse(padded[index])
                row[name] = remarks.taken(titles[name], value) if type(value) is Noted else value
        except BadValue as error:
            raise BadValue(error.reason, name) from None
        if len(padded) > len(titled):
            _nothing_outside(padded, titled)
        if reference is not None:
            row["corrects"] = corrected(padded[reference], table.name)
        if check:
            check(row)
        return row

    return to_row


def _nothing_outside(cells: Sequence[object], titled: frozenset[int]) -> None:
    for index, cell in enumerate(cells):
        if index not in titled and not is_blank(cell):
            raise BadValue("valeur dans une colonne sans titre", untitled_column(index))


def _continues_titles(cells: Sequence[object], header: Header) -> bool:
    """True when numeric columns hold words and no cell can be read as its type: « (milliers) » under « Stock »."""
    filled = [(c, cells[c.index]) for c in header.columns if c.index < len(cells) and not is_blank(cells[c.index])]
    words = any(c.field.kind in NUMBERS and isinstance(cell, str) for c, cell in filled)
    return words and not any(_reads(c.parse, cell) for c, cell in filled if c.field.kind not in TEXTS)


def _is_filled(cells: Sequence[object], index: int) -> bool:
    return index < len(cells) and not is_blank(cells[index])


def _reads_filled(parse: Callable[[object], object], cells: Sequence[object], index: int) -> bool:
    return _is_filled(cells, index) and _reads(parse, cells[index])


def _reads(parse: Callable[[object], object], cell: object) -> bool:
    try:
        parse(cell)
    except BadValue:
        return False
    return True


def _refuse_untitled(result: Sheet) -> None:
    """Refuses a column without header (merged or forgotten) that is filled on most lines: its meaning is unknown."""
    untitled = Counter(r.column for r in result.quarantined if r.column.startswith(UNTITLED))
    for column, count in untitled.most_common(1):
        if count >= SECOND_HEADER and 2 * count > result.rows_in - result.rows_ignored:
            raise RefusedFile(
                f"{quoted(result.name)} : {column} remplie sans titre sur {thousands(count)} lignes (cellules de titre"
                " fusionnées, ou titre oublié). Donnez un titre à chaque colonne."
            )


def _note_conversions(result: Sheet, header: Header) -> None:
    """Codes that the reader completed (CIP7 → CIP13) are kept, and noted."""
    for column in header.columns:
        name = column.field.name
        if column.field.kind != "cip13" or Converted not in {type(row[name]) for row in result.rows}:
            continue
        for row in (row for row in result.rows if isinstance(row[name], Converted)):
            if len(result.notes) < MOST_NOTES:
                result.notes.append(RowIssue(result.name, row["line"], column.title, row[name].written, row[name].note))
            row[name] = str(row[name])
