"""The catalogue of molecules: real substances, invented sizes of market and levels of coverage."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOLECULES = Path(__file__).with_name("molecules.csv")
NUMBERS = ("weekly_boxes", "hospital_pct", "lab_days", "house_days", "pharmacy_days")


@dataclass(frozen=True)
class Molecule:
    """One row of ``molecules.csv``: a followed group, or a DCI outside the plans (``group`` is then empty)."""

    group: str
    dci: str
    name: str
    strengths: tuple[str, ...]
    text: str
    routes: tuple[str, ...]
    substances: tuple[tuple[str, str], ...]
    packs: tuple[str, ...]
    atc: str
    mitm: bool
    weekly_boxes: float
    season: str
    hospital_pct: float
    laboratories: int
    lab_days: float
    house_days: float
    pharmacy_days: float

    @property
    def key(self) -> str:
        return self.group or self.dci

    @property
    def form(self) -> str:
        """Pharmaceutical form as the referential gives it, without the container."""
        return re.split(r" en | \(", self.text)[0]


def read_molecules() -> Iterator[Molecule]:
    """Molecules in the order of the file: followed groups, then DCI outside the plans."""
    with MOLECULES.open(encoding="utf-8", newline="") as handle:
        for line in csv.DictReader(handle, delimiter=";"):
            numbers = {name: float((line[name] or "0").replace(",", ".")) for name in NUMBERS}
            yield Molecule(
                group=line["group"],
                dci=line["dci"],
                name=line["name"],
                strengths=tuple(line["strengths"].split("|")),
                text=line["text"],
                routes=tuple(line["routes"].split("+")),
                substances=tuple(_substance(part) for part in line["substances"].split("+")),
                packs=tuple(line["packs"].split("|")),
                atc=line["atc"],
                mitm=line["mitm"] == "oui",
                season=line["season"],
                laboratories=int(line["labs"]),
                **numbers,
            )


def _substance(text: str) -> tuple[str, str]:
    """``SALT>MOIETY`` → both; a plain substance has no therapeutic moiety."""
    salt, _, moiety = text.partition(">")
    return salt, moiety
