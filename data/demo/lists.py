"""File of the lists: which invented presentations are essential, critical for the Union, or owe more than two months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from data.demo.files import Cell, Page, header, workbook
from data.demo.timeline import Span
from data.demo.world import World

ISSUED_BEFORE_ANCHOR = 300  # days
ESSENTIAL, CRITICAL = 0.6, 0.35  # share of the MITM molecules
FOUR_MONTHS_SHARE = 0.12  # share of their specialities
DECISION_MONTHS = 3
SINCE = date(2023, 6, 13)


def write_lists(folder: Path, world: World, span: Span) -> list[Path]:
    """One workbook that holds every list, on the day it was issued."""
    issued = world.timeline.anchor.toordinal() - ISSUED_BEFORE_ANCHOR
    day = date.fromordinal(issued)
    if not span.covers(day):
        return []
    titles = ("Listes de médicaments – données fictives", "")
    page = Page("Listes", titles, header("listes", "listes_member"), list(_members(world)))
    return [workbook(folder / f"listes_{day.isoformat()}.xlsx", (page,))]


def _members(world: World) -> Iterator[list[Cell]]:
    """Whole DCI on the first two lists, specialities on the last two."""
    rng = world.rng("lists")
    dcis = sorted({molecule.dci for molecule in world.molecules if molecule.mitm})
    for name, share in (("Essentiel", ESSENTIAL), ("Critique UE", CRITICAL)):
        drawn = rng.random(len(dcis)) < share
        for dci, is_in in zip(dcis, drawn, strict=True):
            if is_in:
                yield [name, None, dci, None, None, SINCE]
    codes = sorted({item.cis for item in world.presentations if item.molecule.mitm})
    for rank, code in enumerate(code for code in codes if rng.random() < FOUR_MONTHS_SHARE):
        decision = rank % 8 == 0
        yield [
            "Décision de stock" if decision else "Stock 4 mois",
            code,
            None,
            None,
            DECISION_MONTHS if decision else None,
            SINCE,
        ]
