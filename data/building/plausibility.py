"""Plausibility: received rows too far from accepted values wait for a person, and enter no figure meanwhile.

The queries of ``28_plausibility.sql`` select the few series where a value may have jumped; the decision here is pure.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from data.building.doubts import Doubt, Measurement, Quantity
from data.reference.thresholds import plausibility

IN_DAYS = "iqvia_coverage"
POWERS = (1, 2, 3)  # 10, 100, 1 000: what a unit or a decimal mark changes
JUDGED_QUANTITIES: tuple[Quantity, ...] = ("amount", "sales")


@dataclass(frozen=True)
class Rules:
    """Values of ``plausibility.toml``, which gives their units."""

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
    """Accepted measurements of one presentation by one reporter, by week."""

    weeks: list[Measurement] = field(default_factory=list)

    def accept(self, measurement: Measurement) -> None:
        """Of two measurements of a week, the one received last becomes the base."""
        if self.weeks and self.weeks[-1].week == measurement.week:
            self.weeks.pop()
        self.weeks.append(measurement)

    def before(self, week: date, quantity: Quantity) -> Measurement | None:
        """The last accepted measurement of an earlier week that has this quantity."""
        candidates = (r for r in reversed(self.weeks) if r.week < week and getattr(r, quantity) is not None)
        return next(candidates, None)

    def levels(self, since: date, until: date, quantity: Quantity) -> list[float]:
        """Accepted values of earlier weeks."""
        values = (getattr(r, quantity) for r in self.weeks if since <= r.week < until)
        return [value for value in values if value is not None]


SeriesByItem = dict[tuple[str, str, str], Series]
Shift = dict[Quantity, int]  # power of ten by which most rows moved


def doubtful(measurements: Iterable[Measurement], rules: Rules, accepted: Collection[str] = frozenset()) -> list[Doubt]:
    """Rows that wait or waited for a person, in the order of weeks.

    Each series is compared with its own last accepted measurement, so that a lasting change stays doubtful until one of
    its rows is accepted (``accepted``: their ``ref``) and becomes the base. A first measurement has nothing to be compared with.
    """
    series_by_item: SeriesByItem = {}
    doubts: list[Doubt] = []
    for delivery in _deliveries(measurements):
        shift = _shift(delivery, series_by_item, rules)
        for measurement in delivery:
            series = series_by_item.setdefault(
                (measurement.lake_table, measurement.reporter, measurement.item), Series()
            )
            doubt = _doubt(measurement, series, shift, rules)
            if doubt:
                doubts.append(doubt)
            if doubt is None or measurement.ref in accepted:
                series.accept(measurement)
    return doubts


def _deliveries(measurements: Iterable[Measurement]) -> Iterator[list[Measurement]]:
    """Rows of one reporter for one week in one delivery, weeks in order, then deliveries as received."""
    order = sorted(measurements, key=attrgetter("lake_table", "reporter", "week", "load_id", "line"))
    for _, rows in groupby(order, key=attrgetter("lake_table", "reporter", "week", "load_id")):
        yield list(rows)


def _doubt(measurement: Measurement, series: Series, shift: Shift, rules: Rules) -> Doubt | None:
    if measurement.week > measurement.received_on:
        return Doubt(measurement, "futur", "week")
    if measurement.lake_table == IN_DAYS and (measurement.amount or 0) > rules.doubt_most_days:
        return Doubt(measurement, "hors_bornes", "amount", None, rules.doubt_most_days)
    for quantity in JUDGED_QUANTITIES:
        if quantity in shift:
            return Doubt(
                measurement, "unite", quantity, series.before(measurement.week, quantity), 10.0 ** shift[quantity]
            )
    for quantity in JUDGED_QUANTITIES:
        last = series.before(measurement.week, quantity)
        if (
            last
            and _jumps(measurement, last, quantity, rules)
            and not _explained(measurement, last, series, quantity, rules)
        ):
            return Doubt(measurement, "ecart", quantity, last)
    return None


def _floor(measurement: Measurement, quantity: Quantity, rules: Rules) -> float:
    in_days = measurement.lake_table == IN_DAYS and quantity == "amount"
    return rules.doubt_floor_days if in_days else rules.doubt_floor_boxes


def _jumps(measurement: Measurement, last: Measurement, quantity: Quantity, rules: Rules) -> bool:
    value = getattr(measurement, quantity)
    if value is None:
        return False
    floor = _floor(measurement, quantity, rules)
    low, high = sorted((max(value, floor), max(getattr(last, quantity), floor)))
    return bool(high >= rules.doubt_factor * low)


def _explained(measurement: Measurement, last: Measurement, series: Series, quantity: Quantity, rules: Rules) -> bool:
    """A level already accepted within a year, a fall explained by sales, sales that stop because no stock is left."""
    if _accepted_level(measurement, series, quantity, rules):
        return True
    value, before = getattr(measurement, quantity), getattr(last, quantity)
    if value > before or measurement.lake_table == IN_DAYS:
        return False
    if quantity == "sales":
        return measurement.amount is not None and measurement.amount <= rules.doubt_floor_boxes
    weeks = rules.doubt_fall_weeks + (measurement.week - last.week).days / 7 - 1
    return bool(before - value <= weeks * max(measurement.sales or 0, last.sales or 0))


def _accepted_level(measurement: Measurement, series: Series, quantity: Quantity, rules: Rules) -> bool:
    since = measurement.week - timedelta(weeks=rules.doubt_memory_weeks)
    levels = series.levels(since, measurement.week, quantity)
    return bool(levels) and min(levels) <= getattr(measurement, quantity) <= max(levels)


def _shift(delivery: list[Measurement], series_by_item: SeriesByItem, rules: Rules) -> Shift:
    """Quantities of which most rows moved together by a power of ten: another unit, whatever the size of each."""
    shift: Shift = {}
    for quantity in JUDGED_QUANTITIES:
        powers = [power for r in delivery if (power := _power(r, series_by_item, quantity, rules)) is not None]
        common = max(set(powers), key=lambda p: (powers.count(p), p), default=0)
        enough = len(powers) >= rules.doubt_unit_lines
        if common and enough and 100 * powers.count(common) >= rules.doubt_unit_share_pct * len(powers):
            shift[quantity] = common
    return shift


def _power(measurement: Measurement, series_by_item: SeriesByItem, quantity: Quantity, rules: Rules) -> int | None:
    """Power of ten between a row and the last accepted one; 0 when there is none, None when they cannot be compared."""
    series = series_by_item.get((measurement.lake_table, measurement.reporter, measurement.item))
    last = series.before(measurement.week, quantity) if series else None
    value = getattr(measurement, quantity)
    before = getattr(last, quantity) if last else None
    if not series or not value or not before or max(value, before) < _floor(measurement, quantity, rules):
        return None
    exact = math.log10(value / before)
    power = round(exact)
    near = abs(exact - power) <= math.log10(rules.doubt_unit_spread)
    is_new = near and abs(power) in POWERS and not _accepted_level(measurement, series, quantity, rules)
    return power if is_new else 0


def rules() -> Rules:
    """The rules in force."""
    return Rules(**{name: item.value for name, item in plausibility().items() if name.startswith("doubt_")})
