"""Plausibility: received rows too far from what was accepted so far wait for a person, and enter no figure meanwhile.

The queries of ``28_plausibility.sql`` pick the few series where something may have jumped; what is decided here is pure.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from data.building.doubts import Doubt, Measure, Reading
from data.reference.thresholds import plausibility

IN_DAYS = "iqvia_coverage"
POWERS = (1, 2, 3)  # 10, 100, 1 000: what a unit or a decimal mark changes
JUDGED_MEASURES: tuple[Measure, ...] = ("amount", "sales")


@dataclass(frozen=True)
class Rules:
    """Values of ``plausibility.toml``; units are in its lines."""

    doubt_factor: float
    doubt_floor_boxes: float
    doubt_floor_days: float
    doubt_most_days: float
    doubt_memory_weeks: float
    doubt_fall_weeks: float
    doubt_unit_lines: float
    doubt_unit_share_pct: float
    doubt_unit_spread: float


@dataclass
class Series:
    """Accepted readings of one presentation at one declarant, by week."""

    weeks: list[Reading] = field(default_factory=list)

    def accept(self, reading: Reading) -> None:
        """Of two readings of a week, the one received last is the base of what follows."""
        if self.weeks and self.weeks[-1].week == reading.week:
            self.weeks.pop()
        self.weeks.append(reading)

    def before(self, week: date, measure: Measure) -> Reading | None:
        """The last accepted reading of an earlier week that has this measure."""
        known = (r for r in reversed(self.weeks) if r.week < week and getattr(r, measure) is not None)
        return next(known, None)

    def levels(self, since: date, until: date, measure: Measure) -> list[float]:
        """Accepted values of earlier weeks."""
        values = (getattr(r, measure) for r in self.weeks if since <= r.week < until)
        return [value for value in values if value is not None]


Known = dict[tuple[str, str, str], Series]
Shift = dict[Measure, int]  # power of ten by which most lines moved


def doubtful(readings: Iterable[Reading], rules: Rules, accepted: Collection[str] = frozenset()) -> list[Doubt]:
    """Rows that wait or waited for a person, in the order of weeks.

    Each series is compared with its own last accepted reading, so that a change that lasts stays doubtful until one of
    its rows is accepted (``accepted``: their ``ref``) and becomes the base. A first reading has nothing to differ from.
    """
    known: Known = {}
    found: list[Doubt] = []
    for delivery in _deliveries(readings):
        shift = _shift(delivery, known, rules)
        for reading in delivery:
            series = known.setdefault((reading.lake_table, reading.declarant, reading.item), Series())
            doubt = _doubt(reading, series, shift, rules)
            if doubt:
                found.append(doubt)
            if doubt is None or reading.ref in accepted:
                series.accept(reading)
    return found


def _deliveries(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    """Lines of one declarant for one week in one file, weeks in order, then files as received."""
    order = sorted(readings, key=attrgetter("lake_table", "declarant", "week", "load_id", "line"))
    for _, lines in groupby(order, key=attrgetter("lake_table", "declarant", "week", "load_id")):
        yield list(lines)


def _doubt(reading: Reading, series: Series, shift: Shift, rules: Rules) -> Doubt | None:
    if reading.week > reading.received_on:
        return Doubt(reading, "futur", "week")
    if reading.lake_table == IN_DAYS and (reading.amount or 0) > rules.doubt_most_days:
        return Doubt(reading, "hors_bornes", "amount", None, rules.doubt_most_days)
    for measure in JUDGED_MEASURES:
        if measure in shift:
            return Doubt(reading, "unite", measure, series.before(reading.week, measure), 10.0 ** shift[measure])
    for measure in JUDGED_MEASURES:
        last = series.before(reading.week, measure)
        if last and _jumps(reading, last, measure, rules) and not _explained(reading, last, series, measure, rules):
            return Doubt(reading, "ecart", measure, last)
    return None


def _floor(reading: Reading, measure: Measure, rules: Rules) -> float:
    in_days = reading.lake_table == IN_DAYS and measure == "amount"
    return rules.doubt_floor_days if in_days else rules.doubt_floor_boxes


def _jumps(reading: Reading, last: Reading, measure: Measure, rules: Rules) -> bool:
    value = getattr(reading, measure)
    if value is None:
        return False
    floor = _floor(reading, measure, rules)
    low, high = sorted((max(value, floor), max(getattr(last, measure), floor)))
    return bool(high >= rules.doubt_factor * low)


def _explained(reading: Reading, last: Reading, series: Series, measure: Measure, rules: Rules) -> bool:
    """A level already accepted within a year, a fall that sales explain, sales that stop because nothing is left."""
    if _known_level(reading, series, measure, rules):
        return True
    value, before = getattr(reading, measure), getattr(last, measure)
    if value > before or reading.lake_table == IN_DAYS:
        return False
    if measure == "sales":
        return reading.amount is not None and reading.amount <= rules.doubt_floor_boxes
    weeks = rules.doubt_fall_weeks + (reading.week - last.week).days / 7 - 1
    return bool(before - value <= weeks * max(reading.sales or 0, last.sales or 0))


def _known_level(reading: Reading, series: Series, measure: Measure, rules: Rules) -> bool:
    since = reading.week - timedelta(weeks=rules.doubt_memory_weeks)
    levels = series.levels(since, reading.week, measure)
    return bool(levels) and min(levels) <= getattr(reading, measure) <= max(levels)


def _shift(delivery: list[Reading], known: Known, rules: Rules) -> Shift:
    """Measures of which most lines moved together by a power of ten: another unit, whatever each line's own size."""
    found: Shift = {}
    for measure in JUDGED_MEASURES:
        powers = [power for r in delivery if (power := _power(r, known, measure, rules)) is not None]
        common = max(set(powers), key=lambda p: (powers.count(p), p), default=0)
        enough = len(powers) >= rules.doubt_unit_lines
        if common and enough and 100 * powers.count(common) >= rules.doubt_unit_share_pct * len(powers):
            found[measure] = common
    return found


def _power(reading: Reading, known: Known, measure: Measure, rules: Rules) -> int | None:
    """Power of ten between a line and the last accepted one; 0 when it is none, None when they cannot be compared."""
    series = known.get((reading.lake_table, reading.declarant, reading.item))
    last = series.before(reading.week, measure) if series else None
    value = getattr(reading, measure)
    before = getattr(last, measure) if last else None
    if not series or not value or not before or max(value, before) < _floor(reading, measure, rules):
        return None
    exact = math.log10(value / before)
    power = round(exact)
    near = abs(exact - power) <= math.log10(rules.doubt_unit_spread)
    is_new = near and abs(power) in POWERS and not _known_level(reading, series, measure, rules)
    return power if is_new else 0


def rules() -> Rules:
    """The rules in force."""
    return Rules(**{name: item.value for name, item in plausibility().items()})
