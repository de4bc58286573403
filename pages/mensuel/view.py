"""The month shown: what is loaded of it once for every session, and what its files say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from metrics.monthly import queries as monthly
from metrics.monthly.queries import Monthly
from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.mensuel import words

PAGE = "mensuel/tableau_mensuel"
QUESTION = "Que disent les déclarations du mois, et de l'année ?"
RANKINGS = {"mois": "du mois", "cumul": "depuis janvier"}
SOURCES = ("trustmed", "historique", "bdpm")
MOST_ROWS = 10


@dataclass(frozen=True)
class Calendar:
    """Months that can be shown: key of the address → name, the latest first; and the one that opens first."""

    names: Mapping[str, str]
    default: str


@kept
def calendar() -> Calendar | None:
    """None while no declaration was received."""
    known = session.load(monthly.months)
    if not known:
        return None
    first = monthly.default(known) or known[0]["month"]
    return Calendar({key(row["month"]): words.title(row) for row in known}, key(first))


def key(month: date) -> str:
    """``2026-10``."""
    return f"{month:%Y-%m}"


@dataclass(frozen=True)
class View:
    """The month, and what ranks DCI and laboratories (``mois`` or ``cumul``)."""

    shown: Monthly
    ranking: str

    @property
    def has_list(self) -> bool:
        """The declarations counted can be listed one by one: they come from TrustMed and laboratories may be seen."""
        return self.shown.month["source_key"] == "trustmed" and self.shown.laboratories is not None

    @property
    def period(self) -> str:
        """Value of the filter « Déclarée en » of the list for the ranking chosen."""
        month = self.shown.month["month"]
        return key(month) if self.ranking == "mois" else f"{month:%Y}"

    @property
    def suffix(self) -> str:
        return "month" if self.ranking == "mois" else "year"

    def ranked(self, table: pd.DataFrame, name: str, most: int = MOST_ROWS) -> list[dict[str, Any]]:
        """First rows by declarations of the period that ranks, those without any left out."""
        by = f"declarations_{self.suffix}"
        order = table[table[by] > 0].sort_values([by, "declarations_year", name], ascending=[False, False, True])
        return figures.records(order.head(most))


@kept
def of(month: str, ranking: str) -> View:
    """Never changed: every session is given the same."""
    return View(session.load(monthly.dashboard, date.fromisoformat(f"{month}-01")), ranking)


@kept
def received() -> tuple[str, ...]:
    """Keys of the sources of this page that sent something."""
    return tuple(row["source_key"] for row in _sources())


@kept
def reserves(month: str) -> tuple[str, ...]:
    """What a reader must know of the source of the month."""
    is_demo = bool(session.load(referential.snapshot)["is_demo"])
    return tuple(words.reserves(of(month, "mois").shown, is_demo=is_demo))


@kept
def foot(month: str) -> tuple[str, ...]:
    """Foot of the printed page: caveats, then sources with their dates."""
    dated = " ; ".join(f"{row['title']}, {fr.day(_dated(row))}" for row in _sources())
    return (*reserves(month), f"Sources : {dated}. Vigistock, données au {fr.day(as_of())}.")


@kept
def context(month: str) -> Mapping[str, str]:
    """What goes with each exported file."""
    shown = of(month, "mois").shown
    pairs = {
        "Tableau": QUESTION,
        "Mois": words.title(shown.month),
        "Cumul": words.since(shown),
        "Contenu": "sans nom de laboratoire" if shown.laboratories is None else "avec les noms des laboratoires",
        "Laboratoires susceptibles de déclarer": words.base(shown.month),
        "Données au": fr.day(as_of()),
    }
    notes = [*reserves(month), *([] if shown.is_scored else [words.NOT_SCORED])]
    dated = [f"{row['title']} ({row['producer']}), {fr.day(_dated(row))}" for row in _sources()]
    pairs |= {f"Réserve {place}": text for place, text in enumerate(notes, start=1)}
    return pairs | {f"Source {place}": text for place, text in enumerate(dated, start=1)}


def as_of() -> object:
    """Day of the data shown."""
    return session.load(referential.snapshot)["as_of"]


def _sources() -> list[dict[str, Any]]:
    states = session.load(sources.states)
    return figures.records(states[states["source_key"].isin(SOURCES) & (states["files"] > 0)])


def _dated(row: Mapping[str, Any]) -> object:
    return row["last_received_at"] if fr.missing(row["last_period_on"]) else row["last_period_on"]
