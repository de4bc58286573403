"""Weak signals on every medicine of the town circuit: presence at the wholesalers (CSRP), tension in pharmacies (VigiRupture)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from data.demo import stories
from data.demo.files import Cell, Page, flat, french, header, workbook
from data.demo.timeline import Span
from data.demo.world import Presentation, World

FIRST_OFFSET = -9  # the observatory opens with the season
CSRP_DELAY, VIGIRUPTURE_DELAY = 2, 1
HOSPITAL_PCT = 80.0  # beyond, a medicine is in no pharmacy
LEVELS = ((3.0, "Forte"), (6.0, "Moyenne"), (10.0, "Faible"))
TITLES = ("Observatoire de la répartition – données fictives", "")


def write_csrp(folder: Path, world: World, span: Span) -> list[Path]:
    """One workbook for the weeks since the season opened, then one per week."""
    return [
        workbook(
            folder / f"csrp_presence_{span.title(weeks)}.xlsx",
            [Page("Présence", TITLES, header("csrp", "csrp_presence"), _presence(world, weeks))],
        )
        for weeks in _weeks(world, span, CSRP_DELAY)
    ]


def write_vigirupture(folder: Path, world: World, span: Span) -> list[Path]:
    """One CSV of the readings of each Monday."""
    columns = ";".join(header("vigirupture", "vigirupture_tension"))
    return [
        flat(folder / f"vigirupture_{span.title(weeks)}.csv", (columns, *_tension(world, weeks)), encoding="utf-8-sig")
        for weeks in _weeks(world, span, VIGIRUPTURE_DELAY)
    ]


def _weeks(world: World, span: Span, delay: int) -> Iterator[list[int]]:
    first = world.timeline.index(FIRST_OFFSET)
    for batch in span.batches(delay):
        if weeks := [week for week in batch if week >= first]:
            yield weeks


def _town(world: World) -> list[Presentation]:
    return [item for item in world.presentations if item.molecule.hospital_pct < HOSPITAL_PCT]


def _presence(world: World, weeks: list[int]) -> Iterator[list[Cell]]:
    for item in _town(world):
        rng = world.rng(f"presence {item.cip13}")
        usual = rng.uniform(62, 97) if item.tracked else rng.uniform(4, 38)
        noise = rng.uniform(-2.5, 2.5, world.timeline.weeks)
        for week in weeks:
            shown = round(float(np.clip(usual * _kept(world, item, week) + noise[week], 0, 100)), 1)
            yield [world.timeline.label(week), item.cip13, item.denomination, shown, 170, "National", "FR"]


def _tension(world: World, weeks: list[int]) -> Iterator[str]:
    for item in _town(world):
        rng = world.rng(f"vigirupture {item.cip13}")
        usual = rng.uniform(8, 22)
        noise = rng.uniform(0.93, 1.07, world.timeline.weeks)
        for week in weeks:
            days = round(float(usual * _kept(world, item, week) * noise[week]), 1)
            level = next((name for bound, name in LEVELS if days < bound), "Aucune")
            yield f"{_read_on(world, week):%d/%m/%Y};{item.cip13};{item.denomination};{level};{french(days)};850"


def _read_on(world: World, week: int) -> date:
    return world.timeline.monday(week) + timedelta(days=7)


def _kept(world: World, item: Presentation, week: int) -> float:
    """Story 21, and that of the national tension: what is left of the usual figure."""
    if item.molecule.key not in (stories.SIGNAL_DCI, stories.NATIONAL):
        return 1.0
    offsets, kept = zip(*stories.SIGNAL_KEPT, strict=True)
    return float(np.interp(world.timeline.offset(week), offsets, kept))
