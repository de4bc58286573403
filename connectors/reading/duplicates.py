"""Rows of one sheet that share a key: identical rows are kept once, conflicting rows are all quarantined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter
from typing import Any

from connectors.base import Row, RowIssue
from connectors.language.names import identity_key
from connectors.reading.header import Header
from connectors.reading.lines import Lines, as_text
from connectors.reading.quarantine import MOST_NOTES, Quarantine
from connectors.reading.values import BadValue

OWN_FIELDS = frozenset(("line", "corrects"))  # of a row, not written by the reporter


def settle(quarantine: Quarantine, lines: Lines) -> None:
    """Keep one of identical rows, quarantine every row of a key with conflicting values; ``lines`` gives their cells.

    Raises ``RefusedFile`` when too many conflict.
    """
    sheet, names = (
        quarantine.sheet,
        [name for name in quarantine.table.key if name in {c.field.name for c in quarantine.header.columns}],
    )
    if len(sheet.rows) < 2 or not names or _all_different(sheet.rows, names):
        return
    repeated: dict[int, int] = {}
    conflicting: dict[int, Row] = {}
    for alike in _alike(sheet.rows, names):
        sheet.most_alike = max(sheet.most_alike, len(alike))
        if conflicts := _conflicts(alike):
            conflicting |= conflicts
        else:
            repeated |= {row["line"]: alike[0]["line"] for row in alike[1:]}
    _quarantine(quarantine, lines, conflicting)
    sheet.rows = [row for row in sheet.rows if row["line"] not in repeated and row["line"] not in conflicting]
    sheet.rows_ignored += len(repeated)
    sheet.notes += [
        RowIssue(sheet.name, line, "", "", f"identique à la ligne {first} : ignorée")
        for line, first in islice(repeated.items(), MOST_NOTES)
    ]


def _all_different(rows: list[Row], names: list[str]) -> bool:
    """Shortcut for the usual sheet: as many keys as rows, and no name spelt in two ways."""
    if len(set(map(hash, map(itemgetter(*names), rows)))) < len(rows):
        return False
    return all(_one_spelling({row[name] for row in rows}) for name in names if isinstance(rows[0][name], str))


def _one_spelling(values: set[Any]) -> bool:
    return len({identity_key(str(value)) for value in values}) == len(values)


def _alike(rows: list[Row], names: list[str]) -> Iterator[list[Row]]:
    """Groups of at least two rows with the same key, names and numbers compared by their identity."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        values = (row[name] for name in names)
        groups[tuple(identity_key(value) if isinstance(value, str) else value for value in values)].append(row)
    return (group for group in groups.values() if len(group) > 1)


def _conflicts(alike: list[Row]) -> dict[int, Row]:
    """Each line of the group → a row that conflicts with it; empty when all agree."""
    contents = [_content(row) for row in alike]
    first = contents[0]
    if all(content == first for content in contents):
        return {}
    other = next(row for row, content in zip(alike, contents, strict=True) if content != first)
    return {row["line"]: other if content == first else alike[0] for row, content in zip(alike, contents, strict=True)}


def _content(row: Row) -> Row:
    return {name: _compared(value) for name, value in row.items() if name not in OWN_FIELDS}


def _compared(value: Any) -> Any:
    return identity_key(value) if isinstance(value, str) else value


def _quarantine(quarantine: Quarantine, lines: Lines, conflicting: dict[int, Row]) -> None:
    rows = {row["line"]: row for row in quarantine.sheet.rows if row["line"] in conflicting}
    for number, cells in lines if conflicting else ():
        if number in rows:
            quarantine.add(number, cells, _error(rows[number], conflicting[number], quarantine.header))
    quarantine.sheet.quarantined.sort(key=lambda item: item.line)


def _error(row: Row, other: Row, header: Header) -> BadValue:
    mine, theirs = _content(row), _content(other)
    field = next(name for name in mine if mine[name] != theirs.get(name))
    title = next((c.title for c in header.columns if c.field.name == field), field)
    return BadValue(
        f"contredit la ligne {other['line']} : {title} {_written(row[field])} au lieu de {_written(other[field])}",
        field,
    )


def _written(value: Any) -> str:
    if isinstance(value, list):
        return " ; ".join(value) or "vide"
    return as_text(value) or "vide"
