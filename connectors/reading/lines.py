"""Lines of a sheet or of a text: numbered as in the file, read as often as needed without being held in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

MOST_CELLS = 200  # of a line given back; the widest template has a tenth of it
LONGEST_LINE = 32_767  # characters of a line given back: as many as a spreadsheet accepts in one cell
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # never typed by a person, kept by no spreadsheet

Line = tuple[int, Sequence[object]]


@dataclass(frozen=True)
class Lines:
    """``begin`` starts again from the first line each time it is called; one reading at a time."""

    begin: Callable[[], Iterator[Line]]

    def __iter__(self) -> Iterator[Line]:
        return self.begin()


def is_blank(cell: object) -> bool:
    """True for an empty cell or a cell of spaces only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_text(cell: object) -> str:
    """The cell in a spelling that is read back as the same value: ``1234,5``, ``2026-11-09``, ``VRAI``."""
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
    """A line as it can be given back, without the empty cells at its end; nothing when it is too long for that."""
    texts = [CONTROLS.sub("\ufffd", as_text(cell)) for cell in cells[:MOST_CELLS]]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts) if sum(map(len, texts)) <= LONGEST_LINE else ()
