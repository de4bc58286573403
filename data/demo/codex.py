"""Extracts of Codex: every speciality with its dates of marketing, in the spellings of a base that has no format."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from data.demo import stories
from data.demo.files import Cell, Page, header, workbook
from data.demo.stops import stops
from data.demo.timeline import Span
from data.demo.world import World

TITLES = ("Codex – données fictives", "")
SILENT, STOPPED_IN_CODEX, NEVER = ({"full": 9, "small": 2}, {"full": 6, "small": 1}, {"full": 4, "small": 1})
SILENT_SINCE, SILENT_LAST = 20, 200  # days before the anchor
SPELLINGS = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%Y%m%d")
SEPARATORS = (" / ", " + ", " ; ")
EXTRACT_DAY = 3  # of each month
UNREADABLE = "avant 95"


def write_codex(folder: Path, world: World, span: Span) -> list[Path]:
    """One workbook a month; from the beginning, the last one."""
    days = [day for day in _days(span) if span.covers(day)]
    return [
        workbook(
            folder / f"codex_{day.isoformat()}.xlsx",
            [Page("AMM", TITLES, header("codex", "codex_product"), list(_rows(world, day)))],
        )
        for day in (days if span.previous else days[-1:])
    ]


def _days(span: Span) -> Iterator[date]:
    day = (span.timeline.anchor - timedelta(days=62)).replace(day=EXTRACT_DAY)
    while day <= span.day:
        yield day
        day = (day.replace(day=1) + timedelta(days=31)).replace(day=EXTRACT_DAY)


def _rows(world: World, day: date) -> Iterator[list[Cell]]:
    ended = _stopped_on(world)
    _, never = _drawn(world)
    for rank, item in enumerate({item.cis: item for item in world.presentations}.values()):
        stopped = ended.get(item.cis)
        begins: Cell = (
            None if item.cis in never else _spelt(date(2005 + rank % 15, 1 + rank % 12, 13 + rank % 15), rank)
        )
        if rank == 11:
            begins = UNREADABLE  # this line waits, with a sentence
        dci = SEPARATORS[rank % len(SEPARATORS)].join(item.molecule.dci.split(" / "))
        names: list[Cell] = [
            item.cis,
            item.denomination,
            dci.upper() if rank % 2 else dci,
            item.molecule.text,
            item.strength,
        ]
        owners: list[Cell] = [item.laboratory, item.laboratory, "Procédure nationale"]
        ends = _spelt(stopped, rank) if stopped and stopped <= day + timedelta(days=30) else None
        yield [*names, *owners, begins, ends, "Oui" if item.molecule.mitm else "Non", None, day]


def _spelt(day: date, rank: int) -> Cell:
    """A real date of the spreadsheet, or one of the spellings that the base holds."""
    return day if rank % 5 == 0 else day.strftime(SPELLINGS[rank % len(SPELLINGS)])


def _stopped_on(world: World) -> dict[str, date]:
    """CIS → day of its stop: the effective one of the register, and story 23."""
    anchor = world.timeline.anchor
    filed = {stop.item.cis: stop.stop_on for stop in stops(world) if stop.whole and stop.stop_on <= anchor}
    silent, _ = _drawn(world)
    return filed | silent


def _drawn(world: World) -> tuple[dict[str, date], set[str]]:
    """Story 23: stops that no file announces, on specialities without a file; others never marketed there."""
    filed = {stop.item.cis for stop in stops(world)}
    apart = {stories.TIPPING_DCI, stories.NATIONAL, stories.STOPPED_DCI}
    free = list(
        {
            item.cis: item
            for item in world.presentations
            if item.cis not in filed and item.molecule.mitm and item.molecule.key not in apart
        }
    )
    rng = world.rng("codex")
    drawn = [free[place] for place in rng.permutation(len(free))]
    first, last = SILENT[world.scale], STOPPED_IN_CODEX[world.scale] + SILENT[world.scale]
    ages = rng.integers(SILENT_SINCE, SILENT_LAST, first).tolist()
    silent = {cis: world.timeline.anchor - timedelta(days=age) for cis, age in zip(drawn[:first], ages, strict=True)}
    # Long before the register: nothing says that they were silent.
    old = {cis: date(2018, 5, 2) for cis in drawn[first:last]}
    return silent | old, set(drawn[last : last + NEVER[world.scale]])
