"""What the reader asks of the list, and the declarations that match: computed once per choice, for every session."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from connectors.language.folding import fold_words
from metrics.declarations import queries as declarations
from pages.components import atc, declaration_rows, filters, tokens
from pages.components import format as fr
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.declarations import choosing
from pages.declarations.choosing import Row, Test

RECENT_DAYS = 7
STATUS = {"ouverte": "Ouvertes", "close": "Closes", "toutes": "Toutes"}
KIND = {"": "Tous types", "rupture": "Ruptures", "risque": "Risques"}
LISTED = {"": "Toutes listes", "mitm": "MITM", "hors": "Hors MITM"}
_NAMES = {"kind": "Type", "listed": "Liste", "dci": "DCI", "atc": "Classe ATC", "cause": "Cause",
          "laboratory": "Laboratoire", "month": "Déclarée en", "typed": "Recherche"}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """Status, then the filters; an empty one keeps everything."""

    status: str = "ouverte"
    kind: str = ""
    listed: str = ""
    dci: str = ""
    atc: str = ""
    cause: str = ""
    laboratory: str = ""
    month: str = ""
    typed: str = ""

    @property
    def is_filtered(self) -> bool:
        return any(getattr(self, name) for name in _NAMES)

    def words(self) -> dict[str, str]:
        """What was chosen, for the notice of a file."""
        written = {"mitm": "MITM", "hors": "Hors MITM", **tokens.KIND_LABEL}
        chosen = ((label, str(getattr(self, name))) for name, label in _NAMES.items())
        return filters.notice(
            ("Statut", STATUS[self.status]),
            *((label, key and written.get(key, atc.label(key))) for label, key in chosen),
        )


@kept
def everything(status: str) -> tuple[pd.DataFrame, list[Row]]:
    """Declarations of a status, the latest update first: as a table for the files, as rows for the screen."""
    table = declaration_rows.named(session.load(declarations.listing, None if status == "toutes" else status))
    rows = figures.records(table)
    for row in rows:
        row["folded"] = fold_words(str(row["search_text"]))
        row["dci_folded"] = None if fr.missing(row["dci"]) else fold_words(str(row["dci"]))
        row["laboratory_folded"] = fold_words(str(row["laboratory"]))
    return table, rows


@kept
def places(choice: Choice) -> Sequence[int]:
    """Places, among those of the status, of the declarations that pass every filter."""
    return array("I", choosing.passing(everything(choice.status)[1], _tests(choice)))


def count(choice: Choice) -> int:
    """How many would be there; not kept, unlike what is shown."""
    return sum(1 for _ in choosing.passing(everything(choice.status)[1], _tests(choice)))


def rows(choice: Choice) -> list[Row]:
    """Those that pass, as rows of the screen."""
    _, known = everything(choice.status)
    return [known[place] for place in places(choice)]


def table(choice: Choice) -> pd.DataFrame:
    """The same, for the files."""
    known, _ = everything(choice.status)
    return known if len(places(choice)) == len(known) else known.iloc[list(places(choice))]


def _tests(choice: Choice) -> list[Test]:
    equal = {"kind": choice.kind, "dci_key": choice.dci, "atc_group": choice.atc, "laboratory": choice.laboratory}
    asked = choosing.tests(equal, _month, choice.month, choice.cause, choice.typed)
    listed = [lambda row: bool(row["is_mitm"]) == (choice.listed == "mitm")] if choice.listed else []
    return [*asked, *listed]


def _month(row: Row) -> str:
    return choosing.month_of(row["declared_on"])


@kept
def options(status: str) -> dict[str, dict[str, str]]:
    """What the select boxes offer, by parameter of the address: key → words."""
    _, known = everything(status)
    names = {str(row["dci_key"]): fr.capital(row["dci"]) for row in known if not fr.missing(row["dci_key"])}
    laboratories = {
        str(row["laboratory"]): str(row["laboratory"]) for row in known if not fr.missing(row["laboratory"])
    }
    return {**choosing.options(known, names, laboratories), "mois": choosing.periods(map(_month, known))}


def recent(found: Iterable[Row], as_of: date | None) -> int:
    """Declarations updated within the last seven days, today included."""
    since = (as_of or date.max) - timedelta(days=RECENT_DAYS - 1)
    return sum(1 for row in found if (day := fr.as_date(row["updated_on"])) and day >= since)


def sentence(choice: Choice, as_of: date | None) -> tuple[str, str]:
    """How many answer the filters, of which kind; then on how many DCI, and how many moved this week."""
    found = rows(choice)
    state = {"ouverte": "ouverte", "close": "close", "toutes": "reçue"}[choice.status]
    whole = len(everything(choice.status)[1])
    if not found:
        among = f" parmi {fr.plural(whole, 'déclaration', 'déclarations')}" if choice.is_filtered and whole else ""
        return f"Aucune déclaration {state} ne passe ces filtres{among}." if among else (
            f"Aucune déclaration n'est {state} au {fr.day(as_of)}."), ""  # fmt: skip
    head = fr.plural(len(found), f"déclaration est {state}", f"déclarations sont {state}s")
    if choice.is_filtered:
        head = f"{fr.plural(len(found), f'déclaration {state}', f'déclarations {state}s')} sur {fr.number(whole)}"
    ruptures = sum(row["kind"] == "rupture" for row in found)
    kinds = (
        f"{fr.plural(ruptures, 'rupture', 'ruptures')} et "
        f"{fr.plural(len(found) - ruptures, 'risque de rupture', 'risques de rupture')}"
    )
    molecules = len({row["dci_key"] for row in found if not fr.missing(row["dci_key"])})
    moved = fr.plural(recent(found, as_of), "mise à jour", "mises à jour")
    return f"{head} : {kinds}, sur {fr.number(molecules)} DCI.", f"{moved} en {RECENT_DAYS} jours."
