"""What is kept of a quarantined row: its place, the faulty cell, the reason, the whole line to send back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from connectors.base import RefusedFile, RowIssue, Sheet, Table
from connectors.reading.correction import REFERENCE_TITLE, corrected
from connectors.reading.header import Column, Header, quoted
from connectors.reading.lines import Percent, as_text, kept, plain
from connectors.reading.values import BadValue, Noted, is_percentage, value_of

LONGEST_VALUE = 200  # characters of a bad value shown; the line itself is kept whole
MOST_QUARANTINED = 20_000  # per sheet: beyond, the file is not what it claims, and cannot be corrected by hand
KEPT_CHARS = 20_000_000  # of the lines one sheet sends back; a line of a template has about a hundred
MOST_NOTES = 5_000  # remarks per sheet: more would add nothing
UNTITLED = "colonne "  # names a column without title by its position


def untitled_column(index: int) -> str:
    """``colonne 8`` for a column without title."""
    return f"{UNTITLED}{index + 1}"


@dataclass
class Quarantine:
    """Quarantined rows of one sheet, and how much of them may still be kept."""

    sheet: Sheet
    header: Header
    table: Table
    remaining_chars: int = KEPT_CHARS

    def add(self, line: int, cells: Sequence[object], error: BadValue) -> None:
        """Quarantine a row; raises ``RefusedFile`` when there are too many."""
        title, index = _place(self.header, error.field, len(cells))
        value = as_text(cells[index])[:LONGEST_VALUE] if index < len(cells) else ""
        key = key_text([_key_value(self.header, name, cells) for name in self.table.key])
        texts = kept(self._settled(cells)) if self.remaining_chars > 0 else ()
        self.remaining_chars -= sum(map(len, texts))
        corrects = reference_in(cells, self.header, self.table)
        self.sheet.quarantined.append(RowIssue(self.sheet.name, line, title, value, error.reason, texts, key, corrects))
        if len(self.sheet.quarantined) > MOST_QUARANTINED:
            raise RefusedFile(_too_many(self.sheet))

    def _settled(self, cells: Sequence[object]) -> list[object]:
        """Cells settled by their column are sent back in an unambiguous spelling."""
        settled = list(cells)
        for column in self.header.columns:
            if column.index < len(settled) and not isinstance(settled[column.index], Percent):
                settled[column.index] = _alone(column, settled[column.index])
        return settled


def _alone(column: Column, cell: object) -> object:
    """``11/02/2026`` of a column written month first is ``2026-11-02``, ``1,200`` of an English one is ``1200``."""
    try:
        read = column.parse(cell)
    except BadValue:
        return cell
    if not isinstance(read, Noted) or not read.once:
        return cell
    if isinstance(read.value, date):
        return read.value
    return plain(float(read.value) / column.factor) + " %" * is_percentage(column.field)


def _too_many(sheet: Sheet) -> str:
    first = min(sheet.quarantined, key=lambda item: item.line)
    return (
        f"{quoted(sheet.name)} : plus de {MOST_QUARANTINED} lignes illisibles ou contradictoires, le fichier n'est pas"
        f" celui attendu. Première : ligne {first.line}, {first.column}, {first.reason}."
    )


def key_text(values: Sequence[object]) -> str:
    """Key of a row as text, spelt as in the warehouse; empty when a part is unknown."""
    if not values or any(value is _UNREADABLE for value in values):
        return ""
    return "|".join(
        value.isoformat() if isinstance(value, date) else "" if value is None else str(value) for value in values
    )


_UNREADABLE = object()


def _key_value(header: Header, name: str, cells: Sequence[object]) -> object:
    column = next((c for c in header.columns if c.field.name == name), None)
    if column is None:
        return None
    try:
        return value_of(column.parse(cells[column.index] if column.index < len(cells) else None))
    except BadValue:
        return _UNREADABLE


def reference_in(cells: Sequence[object], header: Header, table: Table) -> str:
    """Reference carried by a corrected row; empty when it has none, or one of another table."""
    if header.reference is None or header.reference >= len(cells):
        return ""
    try:
        return corrected(cells[header.reference], table.name) or ""
    except BadValue:
        return ""


def _place(header: Header, field: str, width: int) -> tuple[str, int]:
    """Title and position of the column that ``field`` names: a field, a title added by us, or an untitled place."""
    if field.startswith(UNTITLED):
        return field, int(field.removeprefix(UNTITLED)) - 1
    if field == REFERENCE_TITLE and header.reference is not None:
        return field, header.reference
    return next(((c.title, c.index) for c in header.columns if c.field.name == field), (field, width))
