"""Parts of a declaration of shortage or risk: versions, promised supplies, measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.demo.world import Presentation


@dataclass(frozen=True)
class Supply:
    """A promise of boxes; ``number`` follows it from one version to the next."""

    number: int
    planned_on: date
    boxes: int
    state: str


@dataclass(frozen=True)
class Measure:
    """A measure taken or requested; percentages only for a quantitative quota."""

    name: str
    state: str
    start_on: date
    end_on: date | None
    town_pct: float | None
    hospital_pct: float | None


@dataclass(frozen=True)
class Version:
    """The declaration as of a day; replaces the previous version."""

    number: int
    on: date
    status: str
    return_on: date | None
    stock_boxes: int
    comment: str
    supplies: tuple[Supply, ...] = ()
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True)
class Declaration:
    """A declaration about one presentation. ``number`` is given once all are sorted by date."""

    item: Presentation
    kind: str
    causes: tuple[str, ...]
    circuits: tuple[str, ...]
    start_on: date
    site: str
    versions: tuple[Version, ...]
    number: str = ""
    tells_shares: bool = True

    @property
    def declared_on(self) -> date:
        return self.versions[0].on

    def versions_on(self, day: date) -> tuple[Version, ...]:
        return tuple(version for version in self.versions if version.on <= day)


def circuits(item: Presentation) -> tuple[str, ...]:
    """Circuits affected, from the part of the molecule that goes to hospitals."""
    if item.molecule.hospital_pct >= 80:
        return ("Hôpital",)
    return ("Ville", "Hôpital") if item.molecule.hospital_pct >= 5 else ("Ville",)
