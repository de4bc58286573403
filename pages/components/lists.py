"""Lists that grow: the first rows at once, more when asked for, never so many that a page becomes heavy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

FIRST = 15
STEPS = (FIRST, 60, 200)  # two hundred rows of some 400 bytes are two thirds of what a run may send
HEAVY = 80  # the most, where a cell holds several lines
HEAVIEST = 45  # the most, where each row has six links of its own
BESIDE = 60  # the most, beside a map
PARAMETER = "lignes"
Row = TypeVar("Row")


@dataclass(frozen=True)
class Cut:
    """How much of a list is shown."""

    shown: int
    total: int
    last: int = STEPS[-1]

    @property
    def hidden(self) -> int:
        return self.total - self.shown

    @property
    def following(self) -> int | None:
        """Rows that the next step shows; None at the last."""
        return next((step for step in _steps(self.last) if step > self.shown), None) if self.hidden else None


def asked(parameter: str = PARAMETER) -> int:
    """Rows the address asks for: one of the steps, whatever was typed."""
    typed = st.query_params.get(parameter, "")
    wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else FIRST
    return next((step for step in STEPS if step >= wanted), STEPS[-1])


def cut(rows: Sequence[Row], most: int, last: int = STEPS[-1]) -> tuple[Sequence[Row], Cut]:
    """The first ``most`` rows, and what is left; never more than ``last``, whatever the address asks."""
    shown = min(most, last)
    return rows[:shown], Cut(min(shown, len(rows)), len(rows), last)


def _steps(last: int) -> list[int]:
    return [*(step for step in STEPS if step < last), last]


def sorted_by(rows: Sequence[Row], wanted: str, keys: dict[str, str], default: str) -> tuple[list[Row], str]:
    """Rows (mappings) in the order asked for, and that order; ``-`` before a key reverses. Unknown values come last.

    keys: key of the address → column. An order the list does not know is replaced by ``default``.
    """
    order = wanted if wanted.removeprefix("-") in keys else default
    column = keys[order.removeprefix("-")]
    known = [row for row in rows if not _unknown(row[column])]  # type: ignore[index]
    unknown = [row for row in rows if _unknown(row[column])]  # type: ignore[index]
    known.sort(key=lambda row: row[column], reverse=order.startswith("-"))  # type: ignore[index]
    return [*known, *unknown], order


def _unknown(value: object) -> bool:
    return value is None or value != value  # noqa: PLR0124 – NaN and NaT
