"""Workbook of the lists: which invented presentations are essential, critical for the Union, or owe more than two months."""

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
LONG_MONTHS, DECISION_MONTHS = 4, 3  # stock owed by the list, and by a decision on one speciality
SINCE = date(2023, 6, 13)


def write_listes(folder: Path, world: World, span: Span) -> list[Path]:
    """One workbook that holds every list, on the day it was issued."""
    issued = world.timeline.anchor.toordinal() - ISSUED_BEFORE_ANCHOR
    day = date.fromordinal(issued)
    if not span.covers(day):
        return []
    titles = ("Listes de médicaments – données fictives", "")
    page = Page("Listes", titles, header("listes", "listes_member"), list(_members(world)))
    return [workbook(folder / f"listes_{day.isoformat()}.xlsx", (page,))]


def owed_months(world: World) -> dict[str, int]:
    """CIS → months of stock owed, for the specialities that owe more than the general rule."""
    return _drawn(world)[1]


def _members(world: World) -> Iterator[list[Cell]]:
    """Whole DCI on the first two lists, specialities on the last two."""
    listed, owed = _drawn(world)
    for name, dci in listed:
        yield [name, None, dci, None, None, SINCE]
    for code, months in owed.items():
        if months == DECISION_MONTHS:
            yield ["Décision de stock", code, None, None, months, SINCE]
        else:
            yield ["Stock 4 mois", code, None, None, None, SINCE]


def _drawn(world: World) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """(list, DCI) of the first two lists, then what ``owed_months`` says."""
    rng = world.rng("lists")
    dcis = sorted({molecule.dci for molecule in world.molecules if molecule.mitm})
    listed = []
    for name, share in (("Essentiel", ESSENTIAL), ("Critique UE", CRITICAL)):
        listed += [(name, dci) for dci, drawn in zip(dcis, rng.random(len(dcis)), strict=True) if drawn < share]
    codes = sorted({item.cis for item in world.presentations if item.molecule.mitm})
    owing = [code for code in codes if rng.random() < FOUR_MONTHS_SHARE]
    return listed, {code: LONG_MONTHS if rank % 8 else DECISION_MONTHS for rank, code in enumerate(owing)}
