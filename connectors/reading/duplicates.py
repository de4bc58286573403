"""Rows of one sheet that share a key: identical rows are kept once, conflicting rows are all quarantined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter
from typing import Any

from connectors.base import Reject, Row
from connectors.reading.french import fold
from connectors.reading.header import Header
from connectors.reading.lines import Lines, as_text
from connectors.reading.rejects import MOST_NOTES, Aside
from connectors.reading.values import BadValue

BESIDE = frozenset(("line", "corrects"))  # of a row, not written by the reporter


def settle(aside: Aside, lines: Lines) -> None:
    """Keep one of identical rows, quarantine every row of a key with conflicting values; ``lines`` gives their cells.

    Raises ``RefusedFile`` when too many conflict.
    """
    sheet, names = (
        aside.sheet,
        [name for name in aside.table.key if name in {c.field.name for c in aside.header.columns}],
    )
    if len(sheet.rows) < 2 or not names or _all_different(sheet.rows, names):
        return
    again: dict[int, int] = {}
    against: dict[int, Row] = {}
    for alike in _alike(sheet.rows, names):
        sheet.most_alike = max(sheet.most_alike, len(alike))
        if contradictions := _contradictions(alike):
            against |= contradictions
        else:
            again |= {row["line"]: alike[0]["line"] for row in alike[1:]}
    _set_aside(aside, lines, against)
    sheet.rows = [row for row in sheet.rows if row["line"] not in again and row["line"] not in against]
    sheet.rows_ignored += len(again)
    sheet.notes += [
        Reject(sheet.name, line, "", "", f"identique à la ligne {first}\u00a0: ignorée")
        for line, first in islice(again.items(), MOST_NOTES)
    ]


def _all_different(rows: list[Row], names: list[str]) -> bool:
    """Shortcut for the usual sheet: as many keys as rows, and no name spelt in two ways."""
    if len(set(map(hash, map(itemgetter(*names), rows)))) < len(rows):
        return False
    return all(_one_spelling({row[name] for row in rows}) for name in names if isinstance(rows[0][name], str))


def _one_spelling(values: set[Any]) -> bool:
    return len({fold(str(value)) for value in values}) == len(values)


def _alike(rows: list[Row], names: list[str]) -> Iterator[list[Row]]:
    """Groups of at least two rows with the same key, names compared without case or accents."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        values = (row[name] for name in names)
        groups[tuple(fold(value) if isinstance(value, str) else value for value in values)].append(row)
    return (group for group in groups.values() if len(group) > 1)


def _contradictions(alike: list[Row]) -> dict[int, Row]:
    """Each line of the group → a row that conflicts with it; empty when all agree."""
    told = [_told(row) for row in alike]
    if all(content == told[0] for content in told):
        return {}
    other = next(row for row, content in zip(alike, told, strict=True) if content != told[0])
    return {row["line"]: other if content == told[0] else alike[0] for row, content in zip(alike, told, strict=True)}


def _told(row: Row) -> Row:
    return {name: _compared(value) for name, value in row.items() if name not in BESIDE}


def _compared(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


def _set_aside(aside: Aside, lines: Lines, against: dict[int, Row]) -> None:
    rows = {row["line"]: row for row in aside.sheet.rows if row["line"] in against}
    for number, cells in lines if against else ():
        if number in rows:
            aside.add(number, cells, _error(rows[number], against[number], aside.header))
    aside.sheet.rejects.sort(key=lambda item: item.line)


def _error(row: Row, other: Row, header: Header) -> BadValue:
    mine, theirs = _told(row), _told(other)
    field = next(name for name in mine if mine[name] != theirs.get(name))
    title = next((c.title for c in header.columns if c.field.name == field), field)
    return BadValue(
        f"contredit la ligne {other['line']}\u00a0: {title} {_said(row[field])} au lieu de {_said(other[field])}", field
    )


def _said(value: Any) -> str:
    if isinstance(value, list):
        return " ; ".join(value) or "vide"
    return as_text(value) or "vide"
