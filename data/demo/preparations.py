"""Préparations magistrales that the agency recommended: last winter and this season, before weeks were typed in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from data.demo import stories
from data.demo.files import Cell, Page, header, workbook
from data.demo.timeline import Span
from data.demo.world import World

DELAY = 4  # days after the Monday that follows a week
TITLES = ("Préparations magistrales comptées par l'ANSM – données fictives", "")


def write_preparations(folder: Path, world: World, span: Span) -> list[Path]:
    """One workbook for the weeks known on the first day, then one per week; a week in eight was not counted."""
    written = []
    for batch in span.batches(DELAY):
        rows = list(_rows(world, batch))
        if rows:
            page = Page("Préparations", TITLES, header("preparations", "preparations_week"), rows)
            written.append(workbook(folder / f"preparations_{span.title(batch)}.xlsx", [page]))
    return written


def _rows(world: World, weeks: list[int]) -> Iterator[list[Cell]]:
    rng = world.rng("preparations")
    noise = rng.uniform(0.9, 1.1, world.timeline.weeks)
    missed = rng.uniform(0, 1, world.timeline.weeks) < 1 / 8
    for first, last, most in stories.PREPARED:
        since = world.timeline.monday(world.timeline.index(first)) - timedelta(days=4)
        for week in weeks:
            place = world.timeline.offset(week) - first
            if 0 <= place <= last - first and not (missed[week] and place):
                count = 0 if place == 0 else round(most * min(1.0, place / 5) * float(noise[week]))
                yield [
                    world.timeline.label(week),
                    stories.NATIONAL,
                    count,
                    round(count / 6),
                    since,
                    stories.PREPARED_REASON,
                ]
