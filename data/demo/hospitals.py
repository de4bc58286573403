"""Files about hospitals: what their pharmacies hold and use (e-Dispostock), of the plans that follow them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from data.demo import stories
from data.demo.catalogue import Molecule, read_molecules
from data.demo.files import Cell, Page, header, workbook
from data.demo.series import Array, Series, drift, members
from data.demo.timeline import DISPOSTOCK_DELAY, Span
from data.demo.world import World
from data.reference.plans import plans

WEEKS = 26  # hospitals answer since the summer
ESTABLISHMENTS = {"full": 48, "small": 12}
PART = 0.35  # of the use of all hospitals
USUAL_DAYS = 24.0
WRITES_UCD, WRITES_DCI = 4, 9  # one hospital of four writes UCD, one of nine the DCI alone
TITLES = ("e-Dispostock – relevé hebdomadaire des pharmacies à usage intérieur – données fictives", "")


@dataclass(frozen=True)
class Hospital:
    """An invented establishment and its part of the use of those that answer."""

    rank: int
    finess: str
    department: str
    part: float


def write_dispostock(folder: Path, world: World, series: Series, span: Span) -> list[Path]:
    """One workbook per season (or week): hospitals × groups of the plans with a link of hospital pharmacies."""
    followed = {g.id for plan in plans() if any(link.link == "pui" for link in plan.links) for g in plan.groups}
    molecules = [molecule for molecule in world.groups if molecule.group in followed]
    first = world.timeline.index(1 - WEEKS)
    written = []
    for batch in span.batches(DISPOSTOCK_DELAY):
        weeks = [week for week in batch if week >= first]
        rows = list(_rows(world, series, molecules, weeks))
        if rows:
            page = Page("Stocks PUI", TITLES, header("dispostock", "dispostock_stock"), rows)
            written.append(workbook(folder / f"dispostock_{span.title(weeks)}.xlsx", [page]))
    return written


def hospitals(world: World) -> list[Hospital]:
    """Half of them by three in the most populated departments, the others alone in theirs; their parts add up to one."""
    half = ESTABLISHMENTS[world.scale] // 2
    ranked = sorted(world.departments, key=lambda item: -item.population)
    places = [item for item in ranked[: half // 3] for _ in range(3)] + ranked[half // 3 : half // 3 + half]
    weights = world.rng("hospitals").uniform(0.5, 1.5, len(places))
    parts = weights / weights.sum()
    return [
        Hospital(rank, f"{item.code}{'9' * (5 - len(item.code))}{rank:04d}", item.code, float(part))
        for rank, (item, part) in enumerate(zip(places, parts, strict=True))
    ]


def daily_units(world: World, series: Series, molecule: Molecule) -> Array:
    """What all hospitals use in a day, in units, week after week."""
    rows = members(world, molecule.key)
    boxes = series.demand[rows] * (molecule.hospital_pct / 100)
    units = np.array([units_per_box(world.tracked[row].label) for row in rows], dtype=float)[:, None]
    return np.asarray((boxes * units).sum(axis=0) / 7)


def units_per_box(label: str) -> int:
    """« 10 ampoule(s) en verre de 1 ml » → 10; a blister that counts its tablets → those."""
    found = re.search(r"de (\d+) (?:comprim|g[ée]lule)", label) or re.match(r"(\d+)", label)
    return int(found[1]) if found else 1


def ucd(cip13: str) -> str:
    """An invented code, of one presentation of the demo: its own digits."""
    return f"99{cip13[7:12]}"


@cache
def _codes() -> dict[str, str]:
    """An invented code by molecule."""
    return {molecule.key: f"98{rank:05d}" for rank, molecule in enumerate(read_molecules())}


def ucd_label(molecule: Molecule) -> str:
    """As a hospital abridges it: « MIDAZOLAM 5 mg/ml SOLUTION INJECTABLE »."""
    return f"{molecule.dci.upper()} {molecule.strengths[0]} {molecule.form.upper()}"


def _rows(world: World, series: Series, molecules: list[Molecule], weeks: list[int]) -> Iterator[list[Cell]]:
    every = hospitals(world)
    followed = Counter(molecule.dci for molecule in molecules)
    for molecule in molecules:
        alone = followed[molecule.dci] == 1
        use = daily_units(world, series, molecule) * PART
        rng = world.rng(f"pui {molecule.key}")
        days = _days(world, molecule) * drift(rng, (len(every), world.timeline.weeks), 0.12)
        for hospital in every:
            for week in weeks:
                if _is_silent(world, hospital, week):
                    continue
                daily = float(use[week] * hospital.part)
                reported = None if molecule.key == stories.UNREPORTED_USE_GROUP else round(daily, 1)
                yield [
                    world.timeline.label(week), hospital.finess, hospital.department, *_named(molecule, hospital, is_alone=alone),
                    round(daily * float(days[hospital.rank, week])), reported,
                ]  # fmt: skip
    yield from _lost(world, every[0], weeks)


def _days(world: World, molecule: Molecule) -> Array:
    """Story 22: hospitals run short while the chain that supplies them does not."""
    offsets = np.arange(world.timeline.weeks) - world.timeline.index(0)
    if molecule.key == stories.HOSPITAL_GROUP:
        points = stories.HOSPITAL_DAYS
        return np.asarray(np.interp(offsets, [point[0] for point in points], [point[1] for point in points]))
    return np.full(len(offsets), USUAL_DAYS * (3 if molecule.key == stories.UNREPORTED_USE_GROUP else 1))


def _is_silent(world: World, hospital: Hospital, week: int) -> bool:
    """One hospital of eight, never the same, does not answer."""
    return (hospital.rank + world.timeline.offset(week)) % 8 == 0


def _named(molecule: Molecule, hospital: Hospital, *, is_alone: bool) -> tuple[str, str | None]:
    """The DCI alone names one medicine only when the plans follow one of it."""
    if is_alone and hospital.rank % WRITES_DCI == WRITES_DCI - 1:
        return molecule.dci, None
    if hospital.rank % WRITES_UCD == WRITES_UCD - 1:
        return _codes()[molecule.key], ucd_label(molecule)
    return molecule.dci, f"{molecule.form} {molecule.strengths[0]}"


def _lost(world: World, hospital: Hospital, weeks: list[int]) -> Iterator[list[Cell]]:
    """A DCI mistyped, read without effect; a stock left unknown, to be quarantined."""
    last = world.timeline.index(-1)  # published whatever the day of the week
    if last in weeks:
        start: list[Cell] = [world.timeline.label(last), hospital.finess, hospital.department]
        yield [*start, "midazolan", "solution injectable 5 mg/ml", 40, 3]
        yield [*start, "propofol", "émulsion injectable 10 mg/ml", "n.c.", 12]
