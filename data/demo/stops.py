"""Discontinuations that laboratories announce, as the form is exported each month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from connectors.reading.lines import Percent
from data.demo import stories
from data.demo.declarations import weighted
from data.demo.declared import circuits
from data.demo.files import Cell, Page, header, workbook
from data.demo.timeline import HORIZON_WEEKS, Span
from data.demo.world import Presentation, World

DRAWN = {"full": 46, "small": 8}
OLDEST_DAYS = 330
NOTICES = (90, 120, 180, 270, 365, 400)  # days between the declaration and the stop
REASONS = (("Commerciale", 34), ("Industrielle", 28), ("Autre", 20), ("Réglementaire", 10), ("Qualité", 8))
UNREPORTED_SHARE, POSTPONED_SHARE, REVIEWED_SHARE = 0.15, 0.25, 0.6
POSTPONED_DAYS, REVIEW_DAYS = 90, 45
TITLES = ("Arrêts de commercialisation – données fictives", "")
# A sheet that the form adds to each export: it is not read, with a remark.
INSTRUCTIONS = Page("Consignes", ("Déclaration d'un arrêt de commercialisation",), ("Une ligne par intention.",), ())


@dataclass(frozen=True)
class Stop:
    """An intention as announced on a day; announced again when its date moves. ``whole``: the speciality, not one box."""

    item: Presentation
    reported_on: date
    declared_on: date
    stop_on: date
    reason: str
    whole: bool
    reports_share: bool
    review: str
    number: str = ""


def write_arrets(folder: Path, world: World, span: Span) -> list[Path]:
    """One workbook per month, on its first day, of the previous month's announcements; the history in one workbook."""
    exports = [day for day in _first_days(span) if span.covers(day)]
    if not exports:
        return []
    if span.previous is None:
        exports = exports[-1:]
    announcements = stops(world)
    first = date.min if span.previous is None else None
    return [path for day in exports for path in _export(folder, world, announcements, first or _month_before(day), day)]


def _export(folder: Path, world: World, announcements: tuple[Stop, ...], since: date, day: date) -> list[Path]:
    """The last announcement of each intention from ``since`` on and before ``day``; nothing when there is none."""
    last = {stop.number: stop for stop in announcements if since <= stop.reported_on < day}
    rows = [_row(world, stop) for stop in sorted(last.values(), key=lambda stop: stop.number)]
    if not rows:
        return []
    page = Page("Arrêts", TITLES, header("arrets", "arrets_intention"), rows)
    return [workbook(folder / f"arrets_{_month_before(day):%Y-%m}.xlsx", (page, INSTRUCTIONS))]


def _first_days(span: Span) -> Iterator[date]:
    day = (span.timeline.anchor - timedelta(days=OLDEST_DAYS)).replace(day=1)
    while day <= span.day:
        yield day
        day = (day + timedelta(days=31)).replace(day=1)


def _month_before(day: date) -> date:
    return (day - timedelta(days=1)).replace(day=1)


def stops(world: World) -> tuple[Stop, ...]:
    """Every announcement of every intention, in order; numbered by year in the order of declaration."""
    first = sorted((*_from_stories(world), *_drawn(world)), key=lambda stop: (stop.declared_on, stop.item.cip13))
    ranks: dict[int, int] = {}
    numbered = []
    for stop in first:
        year = stop.declared_on.year
        ranks[year] = ranks.get(year, 0) + 1
        numbered.append(replace(stop, number=f"A-{year}-{ranks[year]:04d}"))
    return tuple(sorted((*numbered, *_postponed(world, numbered)), key=lambda stop: (stop.reported_on, stop.number)))


def _from_stories(world: World) -> Iterator[Stop]:
    """Stories 7 and 12: a past stop, and a heavy one to come."""
    anchor = world.timeline.anchor
    stopped = anchor + timedelta(weeks=stories.STOPPED_AT_OFFSET)
    for item in [item for item in world.tracked if item.molecule.key == stories.STOPPED_DCI][:1]:
        declared = stopped - timedelta(days=200)
        yield Stop(item, declared, declared, stopped, "Industrielle", True, True, "Examiné")
    for item in [item for item in world.tracked if item.molecule.key == stories.ANNOUNCED_STOP_DCI][:1]:
        declared = anchor - timedelta(days=stories.ANNOUNCED_AGE)
        stop_on = anchor + timedelta(days=stories.ANNOUNCED_IN)
        yield Stop(item, declared, declared, stop_on, "Commerciale", True, True, "À examiner")


def _drawn(world: World) -> Iterator[Stop]:
    """Ordinary stops, all to come: sales of a stopped presentation would otherwise go on."""
    rng, anchor = world.rng("stops"), world.timeline.anchor
    apart = {stories.STOPPED_DCI, stories.ANNOUNCED_STOP_DCI, stories.TIPPING_DCI, stories.NATIONAL}
    free = [item for item in world.presentations if item.molecule.key not in apart]
    drawn = {item.cis: item for item in (free[place] for place in rng.permutation(len(free)))}
    for item in list(drawn.values())[: DRAWN[world.scale]]:
        declared = anchor - timedelta(days=int(rng.integers(-7 * HORIZON_WEEKS, OLDEST_DAYS)))
        notice = int(rng.choice(NOTICES)) + int(rng.integers(0, 20))
        soonest = anchor + timedelta(days=7 * HORIZON_WEEKS + int(rng.integers(0, 150)))
        stop_on = max(declared + timedelta(days=notice), soonest)
        review = "Examiné" if rng.random() < REVIEWED_SHARE and (anchor - declared).days > REVIEW_DAYS else "À examiner"
        reports_share, whole = rng.random() >= UNREPORTED_SHARE, bool(rng.random() < 0.6)
        yield Stop(item, declared, declared, stop_on, weighted(rng, REASONS), whole, bool(reports_share), review)


def _postponed(world: World, first: list[Stop]) -> Iterator[Stop]:
    """Some dates are postponed two months after the declaration."""
    rng = world.rng("stops told again")  # the name seeds the draw: renaming it would change the demo
    for stop in first:
        later = stop.declared_on + timedelta(days=60)
        if rng.random() < POSTPONED_SHARE and stop.stop_on > world.timeline.last_day:
            yield replace(stop, reported_on=later, stop_on=stop.stop_on + timedelta(days=POSTPONED_DAYS))


def _row(world: World, stop: Stop) -> list[Cell]:
    """Cells in the order of the header table."""
    boxes = [item for item in world.presentations if item.cis == stop.item.cis] if stop.whole else [stop.item]
    share, hit = round(sum(world.share_pct(item) for item in boxes), 1), circuits(stop.item)
    shown = Percent(share / 100)  # the form exports cells of percentages: 12,5 % is kept as 0.125
    shares: list[Cell] = [shown if name in hit and stop.reports_share else None for name in ("Ville", "Hôpital")]
    code: list[Cell] = [stop.item.cis, None] if stop.whole else [None, stop.item.cip13]
    dates: list[Cell] = [stop.stop_on, stop.reason]
    alternatives = f"Autres spécialités de la DCI {stop.item.molecule.dci}"
    return [stop.number, stop.declared_on, stop.item.laboratory, *code, *dates, *shares, stop.review, alternatives]
