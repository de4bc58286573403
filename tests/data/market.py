"""A home of every shape of market, with names that only partners' files hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from data import warehouse
from data.warehouse import Artefact, Reader
from tests import worlds
from tests.conftest import Home
from tests.data.names_answered import recognise
from tests.referential import Medicine, files, simple

LAST = date(2026, 11, 16)
FIRST_DAY, DAY = date(2026, 11, 22), date(2026, 11, 23)
# Names that only partners' files hold: holders of the public referential are called otherwise.
SECRETS = (
    *("EXPLOITANT SECRET", "REPARTITEUR SECRET", "Commentaire confidentiel", "Site confidentiel", "DECL-SECRET"),
    *("Motif confidentiel", "Auteur confidentiel"),
)
HOLDER = "TITULAIRE PUBLIC"
# Group, name that its rule catches, weekly sales by laboratory.
MARKETS: dict[str, tuple[str, dict[str, int]]] = {
    "amoxicilline-susp-500": (
        "AMOXICILLINE {} 500 mg/5 ml, poudre pour suspension buvable",
        {"A": 40, "B": 35, "C": 25},
    ),
    "clarithromycine-susp-25": (
        "CLARITHROMYCINE {} 25 mg/ml, poudre pour suspension buvable",
        {"A": 85, "B": 10, "C": 5},
    ),
    "clarithromycine-susp-50": (
        "CLARITHROMYCINE {} 50 mg/ml, poudre pour suspension buvable",
        {"A": 86, "B": 9, "C": 5},
    ),
    "azithromycine-susp-40": ("AZITHROMYCINE {} 40 mg/ml, poudre pour suspension buvable", {"A": 50, "B": 50}),
    "prednisolone-20": ("PREDNISOLONE {} 20 mg, comprimé", {"A": 50, "B": 50, "C": 0}),
}
SHOWN = {"amoxicilline-susp-500", "clarithromycine-susp-25"}
# One laboratory sells what the DCI has outside its followed group: the DCI minus the group would be its figures.
OUTSIDE = ("AMOXICILLINE {} 125 mg/5 ml, sirop", {"A": 60})
# Its last week lacks a laboratory, which sends nothing else.
LATE = {
    "salbutamol-inh-100": (
        "SALBUTAMOL {} 100 microgrammes, suspension pour inhalation",
        {"A": 40, "B": 35, "TARDIF": 25},
    )
}
EVERY = {**MARKETS, **LATE, "": OUTSIDE}
WHOLESALERS = tuple(f"REPARTITEUR SECRET {name}" for name in ("UN", "DEUX", "TROIS", "ABSENT"))
MASKED = MARKETS.keys() - SHOWN


def medicines() -> dict[tuple[str, str], Medicine]:
    """One box by group and laboratory."""
    by_letter: dict[tuple[str, str], Medicine] = {}
    for group, (name, sales) in EVERY.items():
        for letter in sales:
            denomination, number = name.format(f"{HOLDER} {letter}"), 90_000_001 + len(by_letter)
            substance = denomination.split()[0]
            by_letter[group, letter] = simple(str(number), denomination, substance, HOLDER, "comprimé")
    return by_letter


def deposit(home: Home, weeks: range, version: int) -> None:
    """What each partner sends of these weeks back, and a version of the only declaration."""
    boxes = {key: medicine.cip13 for key, medicine in medicines().items()}
    mondays = {back: LAST - timedelta(weeks=back) for back in weeks}
    stocks = [
        [monday, f"EXPLOITANT SECRET {letter}", cip13, None, 1000 + 10 * back, None, None, EVERY[group][1][letter]]
        for (group, letter), cip13 in boxes.items()
        if letter != "TARDIF" or version == 1
        for back, monday in mondays.items()
    ]
    first = boxes["amoxicilline-susp-500", "A"]
    supplies = [[LAST, "EXPLOITANT SECRET A", first, date(2026, 12, 24), 777]]
    home.drop("tracstocks", f"t{version}.xlsx", {"tracstocks_stock": stocks, "tracstocks_supply": supplies})
    # The last one has not sent its last week: its figures are carried, and its name must stay here.
    for house in WHOLESALERS[:-1] if version == 2 else WHOLESALERS:
        held = [[monday, house, cip13, None, 50, 7] for cip13 in boxes.values() for monday in mondays.values()]
        home.drop("pointstock", f"{house} {version}.xlsx", {"pointstock_stock": held})
    decided = ["clarithromycine-susp-25", "Grossistes", 900, date(2026, 9, 1), None, "Motif confidentiel"]
    home.drop("references", f"r{version}.xlsx", {"references_manual": [[*decided, "Auteur confidentiel"]]})
    promised = date(2026, 12, 10 * version)
    version_row = [
        *("DECL-SECRET-1", version, date(2026, 11, 19 + version), "EXPLOITANT SECRET A", first, "Rupture", "Ouverte"),
        *("Capacité de production insuffisante", "Ville", date(2026, 11, 10), 30, promised, 40, None, 300, None, 12),
        *(None, "Site confidentiel", "Commentaire confidentiel"),
    ]
    supply = ["DECL-SECRET-1", version, 1, promised, 500, "Prévu"]
    home.drop("trustmed", f"d{version}.xlsx", {"trustmed_version": [version_row], "trustmed_supply": [supply]})


@dataclass(frozen=True)
class House:
    """A home and its two snapshots, a day apart."""

    home: Home
    names: tuple[str, str]

    @property
    def folder(self) -> Path:
        """The snapshot in force."""
        return self.home.path / "snapshots" / self.names[-1]

    def reader(self, artefact: Artefact, reference: int | None = None) -> Reader:
        """The snapshot in force, compared with one of the two."""
        other = None if reference is None else self.names[reference]
        return warehouse.reader(self.home.path / "snapshots", self.names[-1], artefact, other, 256, 1)


def house_of(factory: pytest.TempPathFactory) -> House:
    """Built once per run: the older weeks first, then the last one and a later promise. To be read, or copied."""
    home = Home(worlds.once(factory, "market", build_house))
    before, now = warehouse.published(home.path / "snapshots")
    return House(home, (before, now))


def build_house(path: Path) -> None:
    home = Home(path)
    inbox = home.path / "inbox" / "bdpm"
    inbox.mkdir(parents=True)
    for name, content in files(list(medicines().values())).items():
        (inbox / name).write_bytes(content)
    # Exploitants that hold no authorisation stand behind a figure once the steward has recognised them.
    recognise(home, *(f"EXPLOITANT SECRET {letter}" for letter in ("A", "B", "C", "TARDIF")))
    deposit(home, range(1, 12), 1)
    assert not home.refresh(FIRST_DAY).error
    deposit(home, range(1), 2)
    assert not home.refresh(DAY).error
