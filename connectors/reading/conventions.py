"""What the cells of a column prove about it: marks of numbers, order of dates, unit of percentages, months for weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from connectors.base import RefusedFile
from connectors.reading import periods
from connectors.reading.french import (
    LONGEST_DATE,
    NUMERIC_DATE,
    SPACES,
    BadValue,
    SixDigits,
    both_readings,
    day_in,
    marks_proved,
    month_in,
    week_in,
    week_or_month,
    written,
)
from connectors.reading.header import Column, Header, quoted
from connectors.reading.lines import Line, Lines, Percent
from connectors.reading.values import (
    NUMBERS,
    SERIAL_ORIGIN,
    SERIALS,
    Convention,
    is_percentage,
    noting_parser,
    parser,
)

MOST_CELLS = 65_536  # distinct cells remembered per column
COUNTED_ON = "counted_on"  # a day that confirms the week of its line

Learn = Callable[[Any], None]


@dataclass
class Evidence:
    """What one column proves. ``month_first`` and ``day_first``: dates that can only be read so."""

    column: Column
    marks: set[str] = field(default_factory=set)
    short_decimals: bool = False
    month_first: bool = False
    day_first: bool = False
    percents_above_one: bool = False
    small_percents: bool = False
    weeks: periods.Weeks = field(default_factory=periods.Weeks)
    periods: set[SixDigits] = field(default_factory=set)  # what its cells without a day are

    def learn(self, cell: Any) -> None:
        """Takes a distinct cell of the column into account."""
        kind = self.column.field.kind
        if isinstance(cell, bool | Percent):
            return
        if kind in NUMBERS:
            self._number(cell)
        elif kind in ("date", "week"):
            self._day(cell)
        if kind == "date":
            self._period(cell)
        if kind == "week":
            self._week(cell)

    def _number(self, cell: Any) -> None:
        if isinstance(cell, str):
            text = cell.strip().removesuffix("%").rstrip()
            self.marks |= marks_proved(text)
            whole, comma, decimals = text.partition(",")
            self.short_decimals |= bool(comma) and decimals.isdigit() and len(decimals) < 3 and "," not in whole
        if is_percentage(self.column.field) and not (isinstance(cell, str) and cell.strip().endswith("%")):
            self._percentage(cell)

    def _percentage(self, cell: Any) -> None:
        try:
            number = parser(self.column.field)(cell)
        except BadValue:
            readings = both_readings(cell) if isinstance(cell, str) else None
            number = readings[0] if readings else None
        if number:
            self.percents_above_one |= abs(number) > 1
            self.small_percents |= abs(number) <= 1

    def _day(self, cell: Any) -> None:
        if isinstance(cell, date):  # a spreadsheet that inverts days and months recognises none after the 12th
            self.day_first |= cell.day > 12
        match = NUMERIC_DATE.match(SPACES.sub(" ", cell.strip())) if isinstance(cell, str) else None
        if match:
            first, second = int(match[1]), int(match[2])
            self.day_first |= first > 12 >= second
            self.month_first |= second > 12 >= first

    def _period(self, cell: Any) -> None:
        """Weeks and months typed for a day: ``202645`` and « S45 2026 » show what ``202610`` beside them is."""
        text = written(cell)
        if week_or_month(text):
            return
        try:
            self.periods |= {"week"} if week_in(text) else {"month"} if month_in(text[:LONGEST_DATE]) else set()
        except BadValue:
            return

    def _week(self, cell: Any) -> None:
        text = written(cell)
        try:
            monday = week_in(text)
            day = None if monday else parser(self.column.field)(cell)
        except BadValue:
            self.weeks.unread = True
            return
        if monday:
            self.weeks.labels[text] = monday
        elif day:
            self.weeks.days.add(_exact(cell) or day)

    @property
    def numbers(self) -> Convention:
        """How the numbers of the column are read."""
        marks = next(iter(self.marks)) if len(self.marks) == 1 else ""
        if not self.marks and self.column.factor != 1:
            marks = "assumed"  # thousands of boxes have three decimals
        return Convention(self.column.factor, marks, self.short_decimals)  # type: ignore[arg-type]


def _exact(cell: Any) -> date | None:
    """The day typed in a week column, which its parser turns into a Monday."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float):
        return date.fromordinal(SERIAL_ORIGIN.toordinal() + int(cell)) if int(cell) in SERIALS else None
    return day_in(written(cell))


def settled(lines: Lines, header: Header, sheet: str, received: date | None, file: str = "") -> Header:
    """The header whose columns are read by the conventions that their own cells prove; ``file``: its name.

    Raises ``RefusedFile`` when the weeks of the file are months, or a week that is not over.
    """
    evidence = [Evidence(column) for column in header.columns if column.field.kind in {*NUMBERS, "date", "week"}]
    counted = _gather(lines, header, evidence)
    for item in evidence:
        if item.column.field.kind == "week" and (
            reason := periods.misread(item.weeks, received, counted=counted, file=file)
        ):
            raise RefusedFile(f"{quoted(sheet)} : « {item.column.title} » {reason}")
    month_first = any(item.month_first and not item.day_first for item in evidence)
    percents = any(item.percents_above_one for item in evidence)
    by_index = {
        item.column.index: _convention(item, received, file, month_first=month_first, percents=percents)
        for item in evidence
    }
    columns = tuple(
        replace(column, parse=noting_parser(column.field, by_index[column.index]))
        if column.index in by_index
        else column
        for column in header.columns
    )
    return replace(header, columns=columns)


def _gather(lines: Lines, header: Header, evidence: list[Evidence]) -> bool:
    """Every distinct cell of the columns to judge; returns whether days of counting are given."""
    watched: list[tuple[int, set[object], Learn]] = [(item.column.index, set(), item.learn) for item in evidence]
    for _, cells in _under(lines, header.line):
        width = len(cells)
        for index, seen, learn in watched:
            if index >= width:
                continue
            cell = cells[index]
            if cell is None or cell == "" or cell in seen or isinstance(cell, Percent):
                continue
            if len(seen) < MOST_CELLS:
                seen.add(cell)
            learn(cell)
    names = {item.column.index: item.column.field.name for item in evidence}
    return any(names[index] == COUNTED_ON and seen for index, seen, _ in watched)


def _under(lines: Lines, header: int) -> Iterator[Line]:
    return (line for line in lines if line[0] > header)


def _convention(item: Evidence, received: date | None, file: str, *, month_first: bool, percents: bool) -> Convention:
    """``month_first`` and ``percents``: what another column of the sheet proves of dates and of percentages."""
    kind = item.column.field.kind
    if kind in NUMBERS:
        small = (
            "points" if item.percents_above_one or not item.small_percents else "as others" if percents else "ambiguous"
        )
        return replace(item.numbers, small_percents=small)  # type: ignore[arg-type]
    order = "day" if item.day_first or not month_first else "month" if item.month_first else ""
    if item.day_first and item.month_first:
        order = ""
    weeks = periods.doubtful(item.weeks, received, file) if kind == "week" else {}
    six_digits = next(iter(item.periods)) if len(item.periods) == 1 else ""
    return Convention(order=order, swapped=order != "day", six_digits=six_digits, weeks=tuple(weeks.items()))  # type: ignore[arg-type]
