"""Workbook of the declarations: the full TrustMed extract of the day, when something changed since the last one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from data.demo import stories
from data.demo.declared import Declaration, Version
from data.demo.files import Cell, Page, header, workbook
from data.demo.timeline import Span
from data.demo.world import World

STOP_CAUSE = "Arrêt de commercialisation"
TITLES = ("TrustMed – extraction complète – données fictives", "")


def write_trustmed(folder: Path, world: World, declarations: Iterable[Declaration], span: Span) -> list[Path]:
    """``trustmed_<day>.xlsx`` with every version up to the day, or nothing when nothing changed."""
    declared = [(item, item.versions_on(span.day)) for item in declarations]
    declared = [(item, versions) for item, versions in declared if versions]
    if not any(span.covers(version.on) for _, versions in declared for version in versions):
        return []
    rows = [list(_version_row(world, item, version)) for item, versions in declared for version in versions]
    rows += _careless_rows(rows)
    pages = (
        Page("Déclarations", TITLES, header("trustmed", "trustmed_version"), rows),
        Page("Approvisionnements", TITLES, header("trustmed", "trustmed_supply"), _supply_rows(declared)),
        Page("Mesures", TITLES, header("trustmed", "trustmed_measure"), _measure_rows(declared)),
    )
    return [workbook(folder / f"trustmed_{span.day.isoformat()}.xlsx", pages)]


def _version_row(world: World, item: Declaration, version: Version) -> Iterator[Cell]:
    """Cells in the order of the header table."""
    box = item.item
    hospital = box.molecule.hospital_pct / 100
    monthly = box.weekly_boxes * 52 / 12
    in_town, in_hospital = "Ville" in item.circuits, "Hôpital" in item.circuits
    share = world.share_pct(box)
    stops = STOP_CAUSE in item.causes
    yield from (item.number, version.number, version.on, box.laboratory, box.cip13, item.kind, version.status)
    yield from (" ; ".join(item.causes), " ; ".join(item.circuits), item.start_on)
    promised = None if stops else version.return_on
    yield max((promised - item.start_on).days, 0) if promised else None
    yield promised
    yield share if in_town and item.tells_shares else None
    yield share if in_hospital and item.tells_shares else None
    yield round(monthly * (1 - hospital)) if in_town else None
    yield round(monthly * hospital) if in_hospital else None
    yield from (version.stock_boxes, _alternatives(item), item.site, version.comment or None)


def _alternatives(item: Declaration) -> str:
    return f"Autres spécialités de la DCI {item.item.molecule.dci}"


def _careless_rows(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Story 10: three rows to be quarantined, with declaration numbers of their own."""
    if not rows:
        return []
    code, year, kind = (list(rows[0]) for _ in range(3))
    for number, line in enumerate((code, year, kind)):
        line[0] = f"D-{stories.WRONG_YEAR}-9900{number}"
    code[4] = stories.WRONG_CIP13
    year[2] = f"16/11/{stories.WRONG_YEAR}"
    kind[5] = "Tension"
    return [code, year, kind]


def _supply_rows(declared: list[tuple[Declaration, tuple[Version, ...]]]) -> Iterator[list[Cell]]:
    for item, versions in declared:
        for version in versions:
            for line in version.supplies:
                yield [item.number, version.number, line.number, line.planned_on, line.boxes, line.state]
    yield from _lost_supply(declared)


def _lost_supply(declared: list[tuple[Declaration, tuple[Version, ...]]]) -> Iterator[list[Cell]]:
    """Story 17: a supply of a declaration whose number lost a zero, read without effect."""
    first = next(((item, version) for item, versions in declared for version in versions if version.supplies), None)
    if first:
        item, version = first
        line = version.supplies[0]
        number = item.number.replace("-0", "-", 1)
        yield [number, version.number, line.number, line.planned_on, line.boxes, line.state]


def _measure_rows(declared: list[tuple[Declaration, tuple[Version, ...]]]) -> Iterator[list[Cell]]:
    for item, versions in declared:
        for version in versions:
            for line in version.measures:
                yield [
                    item.number, version.number, line.name, line.state, line.start_on, line.end_on,
                    line.town_pct, line.hospital_pct, None,
                ]  # fmt: skip
