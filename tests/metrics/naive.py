"""Coverage recomputed with loops and dictionaries, from the words of the method and not from its queries.

Figures are in boxes and days; a week is its Monday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from tests.metrics.naive_files import Inputs, Panel, Reading
from tests.metrics.naive_subjects import Band

WEEK = timedelta(days=7)
DAYS_A_YEAR = 365.25
Figure = dict[str, Any]
Weeks = dict[date, Figure]
Coverage = dict[tuple[str, str], Weeks]  # (subject, link) → week → figure


@dataclass(frozen=True)
class Held:
    """What a participant is taken to hold at the end of a week, and how old the reading is in weeks."""

    participant: str
    reading: Reading
    gap: int


def coverage(inputs: Inputs) -> Coverage:
    """Every figure of every subject, link and week."""
    held = {link: _held(inputs, link) for link in ("exploitants", "grossistes")}
    result: Coverage = {}
    for subject, boxes in inputs.subjects.items():
        for band in inputs.bands[subject]:
            if band.link == "officines":
                weeks = _pharmacies(inputs, subject, band)
            else:
                weeks = _stocks(inputs, subject, band, {w: _of(lines, boxes) for w, lines in held[band.link].items()})
            if weeks:
                result[subject, band.link] = weeks
    return result


def _held(inputs: Inputs, link: str) -> dict[date, list[tuple[str, Held]]]:
    """By week read by anybody on this link: (cip13, holding) of everyone expected that week."""
    expected = int(inputs.parameters["expected_weeks"])
    weeks = sorted({week for its_link, week, _, _ in inputs.readings if its_link == link})
    mine = sorted((cip13, who, week) for its_link, week, cip13, who in inputs.readings if its_link == link)
    held: dict[date, list[tuple[str, Held]]] = {week: [] for week in weeks}
    for (cip13, who), lines in groupby(mine, key=itemgetter(0, 1)):
        weeks_held = [week for _, _, week in lines]
        for week in weeks:
            before = [k for k in weeks_held if k <= week]
            if before and (gap := (week - before[-1]).days // 7) <= expected:
                held[week].append((cip13, Held(who, inputs.readings[link, before[-1], cip13, who], gap)))
    return held


def _of(lines: list[tuple[str, Held]], boxes: set[str]) -> list[Held]:
    return [holding for cip13, holding in lines if cip13 in boxes]


def _stocks(inputs: Inputs, subject: str, band: Band, held: dict[date, list[Held]]) -> Weeks:
    sums = {week: lines for week, lines in held.items() if lines}
    sales = {week: sum(h.reading.sales for h in lines) for week, lines in sums.items()}
    weeks = {}
    for week, lines in sums.items():
        legal, origin = _legal(inputs, subject, band.link, week, sales, lines)
        current = _daily([sales[w] for w in _window(sales, week, inputs.parameters["current_weeks"])])
        weeks[week] = _figure(inputs, band, lines, (legal, origin, current))
    return weeks


def _window(sales: dict[date, float], last: date, length: float) -> list[date]:
    """The weeks known among the ``length`` that end with ``last``."""
    return [week for week in sales if last - (int(length) - 1) * WEEK <= week <= last]


def _daily(weekly: list[float]) -> float | None:
    """Boxes a day; unknown without a sale."""
    total = sum(weekly)
    return total / (7 * len(weekly)) if total else None


def _legal(
    inputs: Inputs, subject: str, link: str, week: date, sales: dict[date, float], lines: list[Held]
) -> tuple[float | None, str | None]:
    """Boxes a day and where the reference comes from: a written decision, twelve months of sales, what is declared."""
    decided = [d for d in inputs.manual if (d.subject, d.link) == (subject, link) and d.since <= week <= d.until]
    if decided:
        chosen = max(decided, key=attrgetter("since"))
        return chosen.monthly * 12 / DAYS_A_YEAR or None, f"référence manuelle : {chosen.reason}"
    year = _window(sales, week, inputs.parameters["legal_weeks"])
    counted = [sales[w] for w in year if not _is_excluded(inputs, subject, w)]
    if len(counted) >= inputs.parameters["legal_min_weeks"]:
        return _daily(counted), "ventes des 12 mois glissants"
    usual = sum(h.reading.usual or 0.0 for h in lines)
    return (usual * 12 / DAYS_A_YEAR, "ventes habituelles déclarées") if usual else (None, None)


def _is_excluded(inputs: Inputs, subject: str, week: date) -> bool:
    """One day of the week in an excluded month is enough."""
    days = [week + timedelta(days=k) for k in range(7)]
    return any(
        who in ("*", subject) and any((day.year, day.month) == (month.year, month.month) for day in days)
        for who, month in inputs.excluded
    )


def _figure(
    inputs: Inputs, band: Band, lines: list[Held], demand: tuple[float | None, str | None, float | None]
) -> Figure:
    legal, origin, current = demand
    stock, sales = sum(h.reading.stock for h in lines), sum(h.reading.sales for h in lines)
    late = max(h.gap for h in lines) > inputs.parameters["carry_weeks"]
    absent = [h for h in lines if h.gap]
    by_legal, by_current = (stock / daily if daily and not late else None for daily in (legal, current))
    days = by_legal if band.denominator == "legal" else by_current
    state = "en_retard" if late else "estime" if absent else "non_pertinente" if current is None else "a_jour"
    return {
        "stock_boxes": stock,
        "sales_boxes": sales,
        "legal_daily_boxes": legal,
        "current_daily_boxes": current,
        "coverage_legal_days": by_legal,
        "coverage_current_days": by_current,
        "coverage_days": days,
        "status": "non_pertinente" if state == "non_pertinente" else status(band, days),
        "figure_state": state,
        "missing_share_pct": 100 * sum(h.reading.sales for h in absent) / sales if absent and sales else None,
        "missing_names": {h.participant for h in absent} or None,
        "participants": len({h.participant for h in lines}),
        "legal_origin": origin,
    }


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
