"""The public release: closed declarations of the three years before those that TrustMed holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from connectors.base import tables
from data.demo.declarations import CAUSES, weighted
from data.demo.files import flat
from data.demo.timeline import Span
from data.demo.world import Presentation, World

RELEASED_BEFORE_ANCHOR = timedelta(days=60)
FIRST_YEAR, LAST_YEAR = -5, -3  # from the year of the anchor; TrustMed begins two years before the anchor
LINES_A_YEAR = {"full": (220, 310, 420), "small": (30, 45, 60)}
REPEATED_SHARE = 0.02
SEVERAL_CAUSES_SHARE = 0.2
RUPTURE_SHARE = 0.38


def write_historique(folder: Path, world: World, span: Span) -> list[Path]:
    """One CSV in the columns of the release, on the day it was made public."""
    anchor = world.timeline.anchor
    if not span.covers(anchor - RELEASED_BEFORE_ANCHOR):
        return []
    (table,) = tables("historique").values()
    titles = ",".join(field.headers[0][0] for field in table.fields)
    name = f"declarations_{anchor.year + FIRST_YEAR}_{anchor.year + LAST_YEAR}.csv"
    return [flat(folder / name, [titles, *_lines(world)], end="\r\n")]


def _lines(world: World) -> Iterator[str]:
    """Lines of each year; a few are repeated, identical in every column."""
    rng = world.rng("history")
    boxes = [item for item in world.presentations if item.molecule.mitm]
    for offset, count in enumerate(LINES_A_YEAR[world.scale]):
        first = date(world.timeline.anchor.year + FIRST_YEAR + offset, 1, 1)
        for _ in range(count):
            line = _line(rng, boxes[int(rng.integers(len(boxes)))], first + timedelta(days=int(rng.integers(365))))
            yield line
            if rng.random() < REPEATED_SHARE:
                yield line


def _line(rng: np.random.Generator, item: Presentation, on: date) -> str:
    causes = dict.fromkeys(weighted(rng, CAUSES) for _ in range(1 + (rng.random() < SEVERAL_CAUSES_SHARE)))
    kind = "rupture" if rng.random() < RUPTURE_SHARE else "risque"
    patients = "" if rng.random() < 0.13 else f"{float(100 * rng.integers(1, 900))}"
    dci = item.molecule.dci
    cells = (item.cis, item.denomination.lower(), ", ".join(causes), kind, on.isoformat(), item.molecule.atc)
    return ",".join(_quoted(cell) for cell in (*cells, dci[:1].upper() + dci[1:], item.laboratory.lower(), patients))


def _quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell
