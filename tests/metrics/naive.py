"""Coverage recomputed with loops and dictionaries, from the words of the method and not from its queries.

Figures are in boxes and days; a week is its Monday.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from tests.metrics.naive_files import Inputs, Panel, Reading
from tests.metrics.naive_rhythm import Dues, dues, words
from tests.metrics.naive_subjects import Band

WEEK = timedelta(days=7)
DAYS_A_YEAR = 365.25
Figure = dict[str, Any]
Weeks = dict[date, Figure]
Coverage = dict[tuple[str, str], Weeks]  # (subject, link) → week → figure


@dataclass(frozen=True)
class Held:
    """What a participant is taken to hold at the end of a week; how old the reading and its sender's last file are."""

    participant: str
    cip13: str
    week: date
    reading: Reading
    gap: int
    sender_gap: int
    reported: dict[date, float]  # sales of every week it reported, later ones included; a spaced report's mean week
    dues: Dues
    covered: dict[date, int]  # weeks of sales that each of these covers

    @property
    def due(self) -> int | None:
        """Weeks after which its next measurement is due, as its last one announced."""
        return self.dues[max(week for week in self.dues if week <= self.week)]

    @property
    def missed(self) -> int:
        return missed(self.due, self.gap)

    @property
    def is_left_out(self) -> bool:
        return self.sender_gap < self.gap and self.missed > 0

    @property
    def declared(self) -> float | None:
        """Boxes a week over the four weeks it declares: of a measurement that is not weekly."""
        return self.reading.four / 4 if self.due != 1 and self.reading.four is not None else None

    @property
    def usual(self) -> float | None:
        return self.reading.usual * 84 / DAYS_A_YEAR if self.due != 1 and self.reading.usual is not None else None


def missed(due: int | None, gap: int) -> int:
    """Weeks for which a measurement ``gap`` weeks old misses another."""
    return 0 if due is None else max(0, gap - due + 1)


def stays(inputs: Inputs, due: int | None) -> float:
    """Weeks during which a measurement is expected again, or stands alone."""
    return inputs.parameters["flash_carry_days"] / 7 if due is None else inputs.parameters["expected_weeks"] + due - 1


def coverage(inputs: Inputs) -> Coverage:
    """Every figure of every subject, link and week."""
    held = {link: _held(inputs, link) for link in ("exploitants", "grossistes")}
    result: Coverage = {}
    for subject, boxes in inputs.subjects.items():
        for band in inputs.bands[subject]:
            if band.link == "pui":
                continue
            if band.link == "officines":
                weeks = _pharmacies(inputs, subject, band)
            else:
                weeks = _stocks(inputs, subject, band, {w: _of(lines, boxes) for w, lines in held[band.link].items()})
            if weeks:
                result[subject, band.link] = weeks
    return result


def _held(inputs: Inputs, link: str) -> dict[date, list[Held]]:
    """By week read by anybody on this link: the holding of everyone expected that week."""
    weeks = sorted({week for its_link, week, _, _ in inputs.readings if its_link == link})
    mine = sorted((cip13, who, week) for its_link, week, cip13, who in inputs.readings if its_link == link)
    files: dict[str, set[date]] = {}
    for _, who, week in mine:
        files.setdefault(who, set()).add(week)
    held: dict[date, list[Held]] = {week: [] for week in weeks}
    for (cip13, who), lines in groupby(mine, key=itemgetter(0, 1)):
        reported = {week: inputs.readings[link, week, cip13, who] for _, _, week in lines}
        rhythm = dues(list(reported), sorted(files[who]), weeks[-1], inputs.parameters)
        sales = {
            week: reading.sales if rhythm[week] == 1 or reading.four is None else reading.four / 4
            for week, reading in reported.items()
        }
        covered = {
            week: 1 if rhythm[week] == 1 or reading.four is None else min(rhythm[week] or 4, 4)
            for week, reading in reported.items()
        }
        for week in weeks:
            before = [k for k in reported if k <= week]
            if before and (gap := (week - before[-1]).days // 7) <= stays(inputs, rhythm[before[-1]]):
                sent = max(k for k in files[who] if k <= week)
                age = (week - sent).days // 7
                held[week].append(Held(who, cip13, week, reported[before[-1]], gap, age, sales, rhythm, covered))
    return held


def _of(lines: list[Held], boxes: set[str]) -> list[Held]:
    return [holding for holding in lines if holding.cip13 in boxes]


def _stocks(inputs: Inputs, subject: str, band: Band, held: dict[date, list[Held]]) -> Weeks:
    """Weeks that somebody measured, or should have: the others are those of a slower rhythm."""
    return {
        week: _figure(inputs, subject, band, week, lines, held.keys())
        for week, lines in held.items()
        if any(h.gap == 0 or h.missed > 0 for h in lines)
    }


def _mean(holding: Held, last: date, length: float, excluded: Callable[[date], bool] = lambda _: False) -> float | None:
    """Boxes a week over the weeks that the declarant itself reported among the ``length`` that end with ``last``."""
    own = _own(holding, last, length, excluded)
    return sum(own) / len(own) if own else None


def _own(holding: Held, last: date, length: float, excluded: Callable[[date], bool]) -> list[float]:
    first = last - (int(length) - 1) * WEEK
    return [boxes for week, boxes in holding.reported.items() if first <= week <= last and not excluded(week)]


def _reported(holding: Held, last: date, length: float, excluded: Callable[[date], bool]) -> tuple[float, int]:
    """Boxes and weeks that these reports tell: a spaced one those of the four weeks it declares."""
    first = last - (int(length) - 1) * WEEK
    weeks = [week for week in holding.reported if first <= week <= last and not excluded(week)]
    return sum(holding.reported[week] * holding.covered[week] for week in weeks), sum(
        holding.covered[week] for week in weeks
    )


def _current(inputs: Inputs, holding: Held, week: date, *, is_out: bool) -> float:
    """Of a box no longer reported, the demand of its last report."""
    if holding.declared is not None:
        return holding.declared
    last = week - holding.gap * WEEK
    length = inputs.parameters["current_weeks"]
    mean = None if is_out else _mean(holding, week, length)
    return (_mean(holding, last, length) if mean is None else mean) or 0.0


def _legal(inputs: Inputs, subject: str, link: str, week: date, lines: list[Held]) -> tuple[float | None, str | None]:
    """Boxes a day and where the reference comes from: a written decision, twelve months of sales, what is declared."""
    decided = [d for d in inputs.manual if (d.subject, d.link) == (subject, link) and d.since <= week <= d.until]
    if decided:
        chosen = max(decided, key=attrgetter("since"))
        return chosen.monthly * 12 / DAYS_A_YEAR or None, f"référence manuelle : {chosen.reason}"

    def excluded(day: date) -> bool:
        return _is_excluded(inputs, subject, day)

    length = inputs.parameters["legal_weeks"]
    means = [_year(inputs, subject, holding, week) for holding in lines]
    counted = [_reported(holding, week, length, excluded) for holding in lines]
    total = sum(mean or 0.0 for mean in means)
    known = sum(boxes for boxes, _ in counted) / total if total else max(weeks for _, weeks in counted)
    if known >= inputs.parameters["legal_min_weeks"] - 1e-9:
        spaced = any(holding.usual is not None for holding in lines)
        origin = " ; ventes habituelles déclarées pour les relevés espacés" if spaced else ""
        return total / 7 or None, f"ventes des 12 mois glissants{origin}"
    if not sum(holding.reading.usual or 0.0 for holding in lines):
        return None, None
    usual = [
        holding.reading.usual * 12 / DAYS_A_YEAR if holding.reading.usual is not None else (mean or 0.0) / 7
        for holding, mean in zip(lines, means, strict=True)
    ]
    return sum(usual), "ventes habituelles déclarées"


def _year(inputs: Inputs, subject: str, holding: Held, week: date) -> float | None:
    """Boxes a week over the year: usual sales declared, else the weeks read, those of excluded months when alone."""
    if holding.usual is not None:
        return holding.usual
    length = inputs.parameters["legal_weeks"]
    mean = _mean(holding, week, length, lambda day: _is_excluded(inputs, subject, day))
    return _mean(holding, week, length) if mean is None else mean


def _is_excluded(inputs: Inputs, subject: str, week: date) -> bool:
    """One day of the week in an excluded month is enough."""
    days = [week + timedelta(days=k) for k in range(7)]
    return any(
        who in ("*", subject) and any((day.year, day.month) == (month.year, month.month) for day in days)
        for who, month in inputs.excluded
    )


def _is_out(inputs: Inputs, holding: Held) -> bool:
    """Left out of the last file of a sender that still sends: it leaves the sum once it can no longer be carried."""
    carry = inputs.parameters["carry_weeks"]
    return holding.is_left_out and holding.missed > carry and holding.sender_gap <= carry


def _is_torn(inputs: Inputs, read: Collection[date], holding: Held, week: date, length: float) -> bool:
    """A week of the window stood for by a report too old to be carried; ``read``: weeks of which anybody reported."""
    days = [week - back * WEEK for back in range(int(length))]
    last = [(day, max(before)) for day in days if day in read and (before := _until(holding, day))]
    gaps = [((day - reported_on).days // 7, holding.dues[reported_on]) for day, reported_on in last]
    carry = inputs.parameters["carry_weeks"]
    return any(missed(due, gap) > carry and gap <= stays(inputs, due) for gap, due in gaps)


def _until(holding: Held, day: date) -> list[date]:
    return [week for week in holding.reported if week <= day]


def _figure(inputs: Inputs, subject: str, band: Band, week: date, every: list[Held], read: Collection[date]) -> Figure:
    lines = [h for h in every if not _is_out(inputs, h)]
    out = [h for h in every if _is_out(inputs, h)]
    demand = {id(h): _current(inputs, h, week, is_out=h in out) for h in every}
    whole, absent = sum(demand.values()), [h for h in every if h.gap]
    legal, origin = _legal(inputs, subject, band.link, week, lines) if lines else (None, None)
    current = sum(demand[id(h)] for h in lines) / 7 or None
    stock, sales = sum(h.reading.stock for h in lines), sum(h.reading.sales for h in lines)
    out_share = 100 * sum(demand[id(h)] for h in out) / whole if whole else 0.0
    late = (
        not lines
        or max(h.missed for h in lines) > inputs.parameters["carry_weeks"]
        or out_share > inputs.parameters["left_out_share_pct"]
    )
    by_legal, by_current = (stock / daily if daily and not late else None for daily in (legal, current))
    if not late and not stock and current is None and any(_year(inputs, subject, h, week) for h in lines):
        by_current = 0.0  # nothing left and nothing sold: a demand of the year is not met
    members = (
        _members(inputs, [h for h in lines if h.reading.stock or demand[id(h)]]) if band.link == "grossistes" else None
    )
    by_members = stock / members if members and not late else None
    denominator = "current" if band.denominator == "members" and members is None else band.denominator
    days = {"legal": by_legal, "current": by_current, "members": by_members}[denominator]
    length = inputs.parameters["legal_weeks" if band.denominator == "legal" else "current_weeks"]
    torn = any(_is_torn(inputs, read, h, week, length) for h in lines)
    state = "en_retard" if late else "incomplet" if out else "estime" if absent or torn else "a_jour"
    if state in ("a_jour", "incomplet") and by_current is None and denominator != "members":
        state = "non_pertinente"
    return {
        "stock_boxes": stock if lines else None,
        "sales_boxes": sales if lines else None,
        "legal_daily_boxes": legal,
        "current_daily_boxes": current,
        "coverage_legal_days": by_legal,
        "coverage_current_days": by_current,
        "coverage_days": days,
        "status": "non_pertinente" if state == "non_pertinente" else status(band, days),
        "figure_state": state,
        "missing_share_pct": 100 * sum(demand[id(h)] for h in absent) / whole if absent and whole else None,
        "missing_names": {h.participant for h in absent if h.missed and not h.is_left_out} or None,
        "coverage_members_days": by_members,
        "denominator": denominator,
        "due_weeks": min((h.due for h in lines if h.due is not None), default=None),
        "rhythm": {words(h.due, inputs.parameters) for h in lines} or None,
        "participants": len({h.participant for h in lines}),
        "legal_origin": origin,
    }


def _members(inputs: Inputs, lines: list[Held]) -> float | None:
    """Boxes a day of all members, when they are known for every presentation of the sum."""
    boxes = {h.cip13 for h in lines}
    return sum(inputs.members[cip13] for cip13 in boxes) or None if boxes and boxes <= inputs.members.keys() else None


def status(band: Band, days: float | None) -> str | None:
    if days is None:
        return None
    if days >= band.satisfactory:
        return "satisfaisante"
    return "acceptable" if days >= band.acceptable else "insatisfaisante"


def is_reliable(inputs: Inputs, panel: Panel) -> bool:
    floors = inputs.parameters["floor_pharmacies"], inputs.parameters["floor_sales_boxes"]
    return panel.pharmacies >= floors[0] and panel.sales >= floors[1] and panel.days is not None


def _pharmacies(inputs: Inputs, subject: str, band: Band) -> Weeks:
    weeks = {}
    for (group, level, _, week), panel in inputs.panel.items():
        if (group, level) == (subject, "National"):
            reliable = is_reliable(inputs, panel)
            days = panel.days if reliable else None
            weeks[week] = {
                **dict.fromkeys(("stock_boxes", "legal_daily_boxes", "current_daily_boxes", "coverage_legal_days")),
                **dict.fromkeys(("missing_share_pct", "missing_names")),
                "sales_boxes": panel.sales,
                "coverage_current_days": panel.days,
                "coverage_days": days,
                "status": status(band, days) if reliable else "non_pertinente",
                "figure_state": "a_jour" if reliable else "non_pertinente",
                "participants": panel.pharmacies,
                "legal_origin": "couverture donnée par le panel",
            }
    return weeks
