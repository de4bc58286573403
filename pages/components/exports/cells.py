"""Cells of a file as simple values, and how each column is written: a date as a date, a percentage as one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from data.settings import PARIS
from pages.components import format as fr
from pages.components.exports import labels

Kind = Literal["text", "whole", "identity", "decimal", "percent", "day", "moment"]
Plain = int | float | date | str | None
NAMES = "names"  # heading → column, in the attributes of a table that ``select`` made
# A spreadsheet runs a cell that starts with one of these.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
# Years, line numbers, versions and codes: no thousands.
_IDENTITY = re.compile(r"(^|_)(year|line|version|code|cip7|cip13|cis|no)$")
_IDENTITY_TITLE = re.compile(r"^(année|ligne|n°|version de|code)\b", re.IGNORECASE)


def select(table: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Columns asked for, in order, under their French heading, codes in words; a missing one is left out."""
    kept = [name for name in columns if name in table.columns]
    chosen = table[kept].reset_index(drop=True)
    chosen = chosen.assign(**{name: labels.words(name, chosen[name]) for name in kept})
    chosen = chosen.rename(columns=dict(columns))
    chosen.attrs = {NAMES: {columns[name]: name for name in kept}}
    return chosen


@dataclass(frozen=True)
class Column:
    """A column of a file: its heading, its cells as simple values, and how they are written."""

    title: str
    cells: tuple[Plain, ...]
    name: str = ""

    @cached_property
    def kind(self) -> Kind:
        known = [cell for cell in self.cells if cell is not None]
        if not known or any(isinstance(cell, str) for cell in known):
            return "text"
        if any(isinstance(cell, date) for cell in known):
            return "moment" if any(isinstance(cell, datetime) for cell in known) else "day"
        if "(%" in self.title or self.name.endswith("_pct"):
            return "percent"
        if _IDENTITY.search(self.name) or _IDENTITY_TITLE.search(self.title):
            return "identity"
        return "whole" if all(_is_whole(cell) for cell in known) else "decimal"

    @cached_property
    def digits(self) -> int:
        """Decimals shown: none when all are whole, two when all are below one."""
        if self.kind not in ("decimal", "percent"):
            return 0
        known = [float(cell) for cell in self.cells if isinstance(cell, int | float)]
        if all(_is_whole(value) for value in known):
            return 0
        return 2 if max(abs(value) for value in known) < 1 else 1

    def text(self, cell: Plain, unknown: str = "") -> str:
        """The cell as a reader sees it."""
        if cell is None:
            return unknown
        if isinstance(cell, datetime):
            return fr.moment(cell)
        if isinstance(cell, date):
            return fr.day(cell)
        if isinstance(cell, str):
            return cell
        if self.kind in ("identity", "text"):
            return plain_number(cell)
        return fr.percent(cell, self.digits) if self.kind == "percent" else fr.number(cell, self.digits)


def plain_number(value: float) -> str:
    """``2.4333333`` → ``2,4333``, no thousands: for a file another program reads."""
    return f"{round(value, 4):.15g}".replace(".", ",")


def columns_of(table: pd.DataFrame, *, on_screen: bool = False) -> list[Column]:
    """Columns of a table that ``select`` made, or of any other. A spreadsheet runs some texts, a screen none."""
    names = table.attrs.get(NAMES, {})
    return [
        Column(
            str(title),
            tuple(_plain(value, is_shown=on_screen) for value in table.iloc[:, place]),
            str(names.get(title, "")),
        )
        for place, title in enumerate(table.columns)
    ]


def rows_of(columns: Sequence[Column]) -> list[tuple[Plain, ...]]:
    """The cells, row by row."""
    return list(zip(*(column.cells for column in columns), strict=True))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def _plain(value: Any, *, is_shown: bool = False) -> Plain:
    """Cell as a simple value; lists joined, midnight timestamps as dates, an infinite one unknown.

    Texts are made harmless, unless they are only shown.
    """
    if fr.missing(value):
        return None
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    if isinstance(value, datetime):
        moment: datetime = value.astimezone(PARIS) if value.tzinfo else value
        return moment.date() if moment.time() == datetime.min.time() else moment.replace(tzinfo=None)
    if isinstance(value, bool):
        return labels.boolean(value)
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return None
    if isinstance(value, int | float | date):
        simple: Plain = value
        return simple
    text = value if isinstance(value, str) else fr.listing(value, empty="")
    return text if is_shown else harmless(text)


def harmless(text: object) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before an active first character."""
    written = str(text)
    return f"'{written}" if written.startswith(_ACTIVE) else written
