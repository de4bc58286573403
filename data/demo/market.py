"""Files of the market: sales to pharmacies and hospitals by month (GERS), declared sales of each year (Octave)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from data.demo import stories
from data.demo.files import Cell, Page, header, workbook
from data.demo.hospitals import ucd, ucd_label, units_per_box
from data.demo.series import Series
from data.demo.timeline import Span
from data.demo.world import Presentation, World

MONTHS = {"full": 24, "small": 13}
GERS_DELAY = 21  # days after the month
OCTAVE_PUBLISHED = (3, 15)
OVERSEAS_PART = 0.04
EURO_A_BOX = 4.2
PRESENT = 0.001  # of the sales of a month, below which a circuit is left out
TITLES = ("Données fictives de démonstration", "")


def write_gers(folder: Path, world: World, series: Series, span: Span) -> list[Path]:
    """One workbook for the history, then one a month: tracked boxes in town, units of followed groups at hospital."""
    months = [month for month in _months(world) if span.covers(_published(month))]
    batches = [months] if span.previous is None else [[month] for month in months]
    return [
        workbook(
            folder / f"gers_{batch[0]:%Y-%m}_{batch[-1]:%Y-%m}.xlsx",
            [Page("Sell-in", TITLES, header("gers", "gers_sales"), list(_sales(world, series, batch)))],
        )
        for batch in batches
        if batch
    ]


def write_octave(folder: Path, world: World, span: Span) -> list[Path]:
    """The last two years declared by the day: every tracked box, by circuit and territory."""
    anchor = world.timeline.anchor
    years = [year for year in range(anchor.year - 2, anchor.year + 1) if span.covers(date(year + 1, *OCTAVE_PUBLISHED))]
    return [
        workbook(
            folder / f"octave_{year}.xlsx",
            [Page("Ventes", TITLES, header("octave", "octave_sales"), list(_declared(world, year)))],
        )
        for year in years
    ]


def _months(world: World) -> list[date]:
    first = world.timeline.anchor.year * 12 + world.timeline.anchor.month - 1
    numbers = range(first - MONTHS[world.scale], first + 3)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _published(month: date) -> date:
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return date.fromordinal(after.toordinal() + GERS_DELAY)


def _sales(world: World, series: Series, months: list[date]) -> Iterator[list[Cell]]:
    mondays = [world.timeline.monday(week) for week in range(world.timeline.weeks)]
    for month in months:
        weeks = [w for w, day in enumerate(mondays) if (day.year, day.month) == (month.year, month.month)]
        if not weeks:
            continue
        boxes = np.rint(series.demand[:, weeks].mean(axis=1) * 365.25 / 84)
        yield from _town(world, month, boxes)
        yield from _hospital(world, month, boxes)


def _town(world: World, month: date, boxes: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Iterator[list[Cell]]:
    for item, sold in zip(world.tracked, boxes, strict=True):
        part = 1 - item.molecule.hospital_pct / 100
        if part > PRESENT and item.laboratory != stories.MISSING_FROM_GERS:
            yield [
                month,
                item.cip13,
                "Officine",
                item.denomination,
                item.laboratory,
                item.molecule.atc,
                round(sold * part),
            ]


def _hospital(world: World, month: date, boxes: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Iterator[list[Cell]]:
    """A unit has a code of its own for each laboratory."""
    for item, sold in zip(world.tracked, boxes, strict=True):
        units = round(sold * units_per_box(item.label) * item.molecule.hospital_pct / 100)
        if units and item.molecule.group and item.laboratory != stories.MISSING_FROM_GERS:
            label = ucd_label(item.molecule)
            yield [month, ucd(item.cip13), "Hôpital", label, item.laboratory, item.molecule.atc, units]


def _declared(world: World, year: int) -> Iterator[list[Cell]]:
    for item in (item for item in world.tracked if item.molecule.dci != stories.RECENT_DCI):
        for circuit, part in _circuits(item):
            for territory, share in (("Métropole", 1 - OVERSEAS_PART), ("Outre-mer", OVERSEAS_PART)):
                boxes = round(item.weekly_boxes * 52 * part * share * _misstated(world, item))
                if boxes:
                    yield [
                        year, item.cip13, item.laboratory, circuit, territory, boxes, round(boxes * EURO_A_BOX, 2)
                    ]  # fmt: skip


def _circuits(item: Presentation) -> tuple[tuple[str, float], ...]:
    hospital = item.molecule.hospital_pct / 100
    return ("Grossistes et officines", 1 - hospital), ("Collectivités", hospital)


def _misstated(world: World, item: Presentation) -> float:
    """Story 23."""
    of_dci = [other for other in world.tracked if other.molecule.dci == stories.MISSTATED_DCI]
    return stories.MISSTATED_FACTOR if item in of_dci[stories.MISSTATED_PRESENTATION :][:1] else 1.0
