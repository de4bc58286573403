"""Lines of a sheet or text, numbered as in the file, re-readable without being held in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

MOST_CELLS = 200  # of a line sent back; the widest template has a tenth of it
LONGEST_LINE = 32_767  # characters of a line sent back: as many as a spreadsheet accepts in one cell
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # never typed by a person nor kept by a spreadsheet

Line = tuple[int, Sequence[object]]


class Percent(float):
    """A number of a workbook shown as a percentage: 0.125 is what the cell holds, 12,5 % what its reader sees."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"{plain(round(self * 100, 6))} %"


@dataclass(frozen=True)
class Hidden:
    """Hidden lines (numbers in the file) and columns (positions from 0) of the sheet."""

    lines: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Lines:
    """``begin`` restarts from the first line at each call; one iteration at a time."""

    begin: Callable[[], Iterator[Line]]
    hidden: Hidden = field(default_factory=Hidden)

    def __iter__(self) -> Iterator[Line]:
        return self.begin()


def is_blank(cell: object) -> bool:
    """True for an empty cell or a cell of spaces only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_text(cell: object) -> str:
    """The cell in a spelling that parses back to the same value: ``1234,5``, ``2026-11-09``, ``VRAI``."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, float) and not isinstance(cell, Percent):
        return plain(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def plain(number: float) -> str:
    """``1234,5``, ``1250``: the number without thousands, comma for decimals."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(float(number)).replace(".", ",")


def kept(cells: Sequence[object]) -> tuple[str, ...]:
    """A line for the corrected workbook, without trailing empty cells; nothing when it is too long."""
    texts = [CONTROLS.sub("\ufffd", as_text(cell)) for cell in cells[:MOST_CELLS]]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts) if sum(map(len, texts)) <= LONGEST_LINE else ()
