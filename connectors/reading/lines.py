"""Lines of a sheet or text, numbered as in the file, re-readable without being held in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

MOST_CELLS = 200  # of a line sent back; the widest template has a tenth of it
LONGEST_LINE = 32_767  # characters of a line sent back: as many as a spreadsheet accepts in one cell
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # never typed by a person nor kept by a spreadsheet

Line = tuple[int, Sequence[object]]


@dataclass(frozen=True)
class Lines:
    """``begin`` restarts from the first line at each call; one iteration at a time."""

    begin: Callable[[], Iterator[Line]]

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
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell).replace(".", ",")
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def kept(cells: Sequence[object]) -> tuple[str, ...]:
    """A line for the corrected workbook, without trailing empty cells; nothing when it is too long."""
    texts = [CONTROLS.sub("\ufffd", as_text(cell)) for cell in cells[:MOST_CELLS]]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts) if sum(map(len, texts)) <= LONGEST_LINE else ()
