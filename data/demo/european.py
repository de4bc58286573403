"""Declarations to the European platform: some of those of TrustMed, and a few that TrustMed never received."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from data.demo.declared import Declaration
from data.demo.files import Cell, Page, header, workbook
from data.demo.timeline import Span
from data.demo.world import Presentation, World

TITLES = ("Plateforme européenne – données fictives", "")
ALSO_SHARE = 0.2  # of the declarations of TrustMed, also made to the platform
ONLY_THERE = {"full": 8, "small": 3}
OTHERS = ("Belgique", "ES", "Italy", "Allemagne", "Portugal", "NL", "Pologne", "Suède")  # as the platform writes them


@dataclass(frozen=True)
class European:
    """A version of a declaration to the platform."""

    number: str
    version: int
    on: date
    item: Presentation
    states: tuple[str, ...]
    kind: str
    start_on: date
    end_on: date | None
    causes: tuple[str, ...]
    status: str


def write_esmp(folder: Path, world: World, declarations: Iterable[Declaration], span: Span) -> list[Path]:
    """``esmp_<day>.xlsx`` with every version up to the day, or nothing when nothing changed."""
    known = [one for one in europeans(world, tuple(declarations)) if one.on <= span.day]
    if not any(span.covers(one.on) for one in known):
        return []
    page = Page("Déclarations ESMP", TITLES, header("esmp", "esmp_version"), [_row(world, one) for one in known])
    return [workbook(folder / f"esmp_{span.day.isoformat()}.xlsx", [page])]


def europeans(world: World, declarations: tuple[Declaration, ...]) -> tuple[European, ...]:
    """Every version, in order of number."""
    return (*_also(world, declarations), *_only(world, declarations))


def _also(world: World, declarations: tuple[Declaration, ...]) -> Iterator[European]:
    seen = set()
    for one in declarations:
        rng = world.rng(f"esmp {one.number}")
        if one.item.cis in seen or rng.random() >= ALSO_SHARE:
            continue
        seen.add(one.item.cis)
        others = tuple(OTHERS[place] for place in rng.permutation(len(OTHERS))[: int(rng.integers(0, 4))])
        for version in one.versions:
            yield European(
                f"ESMP-{one.number.removeprefix('D-')}", version.number, version.on, one.item, ("France", *others),
                one.kind, one.start_on, version.return_on, one.causes, version.status,
            )  # fmt: skip


def _only(world: World, declarations: tuple[Declaration, ...]) -> Iterator[European]:
    """Story 22: on specialities that TrustMed never heard of; the last one does not hit France."""
    declared = {one.item.cis for one in declarations}
    free = [item for item in world.tracked if item.cis not in declared and item.molecule.mitm]
    items = {item.cis: item for item in free}
    rng, count = world.rng("esmp only"), ONLY_THERE[world.scale]
    chosen = [list(items.values())[place] for place in rng.permutation(len(items))[:count]]
    for rank, item in enumerate(chosen):
        on = world.timeline.anchor - timedelta(days=3 + 9 * rank)
        states = ("Belgique", "ES") if rank == count - 1 else ("FR", *OTHERS[rank % 3 : rank % 3 + 2])
        kind = "Risque de rupture" if rank % 2 else "Shortage"
        end_on = on + timedelta(days=60 + 10 * rank)
        yield European(
            f"ESMP-X-{rank + 1:04d}", 1, on, item, states, kind, on - timedelta(days=2), end_on, ("Incident de production",), "Open"
        )  # fmt: skip


def _row(world: World, one: European) -> list[Cell]:
    """Cells in the order of the header table."""
    head: list[Cell] = [one.number, one.version, one.item.cis, None, " ; ".join(one.states), one.kind, one.start_on]
    share, others = world.share_pct(one.item), f"Autres spécialités de la DCI {one.item.molecule.dci}"
    return [*head, one.end_on, " ; ".join(one.causes), share, others, None, one.status, one.on]
