"""What the reader asks of the public list and of the closed declarations, and the lines that answer it."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from connectors.language.folding import fold_words
from connectors.language.names import firm_key
from data.reference.firms import firms
from metrics.declarations import queries as declarations
from metrics.public_list import queries as public_list
from pages.components import atc, open_data
from pages.components import format as fr
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.declarations import choosing
from pages.declarations.choosing import Row, Test

UNNAMED = "Autre"
LISTED, ENDED, CLOSED, ALL = "liste", "terminee", "close", "toutes"
KIND = {"": "Tous types", "rupture": "Ruptures", "risque": "Tensions et risques", "arret": "Arrêts"}
WORDS = {"rupture": "Rupture", "tension": "Tension", "risque": "Risque", "arret": "Arrêt"}
STATUS_WORDS = {
    LISTED: "Sur la liste",
    "remise": "Remise à disposition",
    ENDED: "Terminée",
    CLOSED: "Déclaration close",
}
_KINDS = {"rupture": ("rupture",), "risque": ("tension", "risque"), "arret": ("arret",)}
_NAMES = {"kind": "Type", "dci": "DCI", "atc": "Classe ATC", "cause": "Cause", "laboratory": "Laboratoire",
          "period": "Période", "typed": "Recherche"}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """Status, then the filters; an empty one keeps everything."""

    status: str = LISTED
    kind: str = ""
    dci: str = ""
    atc: str = ""
    cause: str = ""
    laboratory: str = ""
    period: str = ""
    typed: str = ""

    @property
    def is_filtered(self) -> bool:
        return any(getattr(self, name) for name in _NAMES)

    def words(self) -> dict[str, str]:
        """What was chosen, for the notice of a file."""
        chosen = {label: str(getattr(self, name)) for name, label in _NAMES.items() if getattr(self, name)}
        known = {"Type": KIND, "Laboratoire": firm_names()}
        wording = {label: known.get(label, {}).get(value) or atc.label(value) for label, value in chosen.items()}
        return {"Statut": statuses()[self.status], **wording}


@kept
def statuses() -> dict[str, str]:
    """Statuses with their words; years of the release as received."""
    years = sorted(
        {day.year for row in everything()[1] if row["status"] == CLOSED and (day := fr.as_date(row["began_on"]))}
    )
    span = "" if not years else f" {years[0]}" if len(years) == 1 else f" {years[0]}–{years[-1]}"
    return {LISTED: "Sur la liste publique", "remise": "Remises à disposition", ENDED: "Terminées",
            CLOSED: f"Déclarations closes{span}", ALL: "Les deux sources"}  # fmt: skip


@kept
def everything() -> tuple[pd.DataFrame, list[Row]]:
    """Every line of both sources, the latest first: as a table for the files, as rows for the screen."""
    table = session.load(declarations.public_records)
    labelled = table.assign(kind_label=table["kind"].map(WORDS), status_label=table["status"].map(STATUS_WORDS))
    rows = figures.records(table)
    for row in rows:
        row["label"] = f"CIS {row['cis']}" if fr.missing(row["dci"]) else fr.capital(open_data.substances(row["dci"]))
        row["dci_folded"] = fold_words(row["label"])
        row["laboratory_folded"] = None if fr.missing(row["laboratory"]) else fold_words(str(row["laboratory"]))
        row["firms"] = firms_of(row["laboratory"])
        row["month"] = choosing.month_of(row["began_on"])
        row["folded"] = fold_words(
            " ".join(
                str(row[name])
                for name in ("dci", "denomination", "laboratory", "cis", "cip13")
                if not fr.missing(row[name])
            )
        )
    return labelled, rows


@kept
def places(choice: Choice) -> Sequence[int]:
    """Places of the lines that pass every filter."""
    return array("I", choosing.passing(everything()[1], _tests(choice)))


def count(choice: Choice) -> int:
    """How many would be there; not kept, unlike what is shown."""
    return sum(1 for _ in choosing.passing(everything()[1], _tests(choice)))


def rows(choice: Choice) -> list[Row]:
    """Those that pass, as rows of the screen."""
    known = everything()[1]
    return [known[place] for place in places(choice)]


def table(choice: Choice) -> pd.DataFrame:
    """The same, for the files."""
    return everything()[0].iloc[list(places(choice))]


def _tests(choice: Choice) -> list[Test]:
    equal = {"dci_key": choice.dci, "atc_group": choice.atc, "status": "" if choice.status == ALL else choice.status}
    found = choosing.tests(equal, lambda row: str(row["month"]), choice.period, choice.cause, choice.typed)
    if choice.kind:
        found.append(lambda row: row["kind"] in _KINDS[choice.kind])
    if choice.laboratory:
        found.append(lambda row: choice.laboratory in row["firms"])
    return found


@kept
def options(status: str) -> dict[str, dict[str, str]]:
    """What the select boxes offer for a status, by parameter of the address: key → words."""
    known = rows(Choice(status))
    names = {
        str(row["dci_key"]): row["label"]
        for row in known
        if not fr.missing(row["dci_key"]) and not fr.missing(row["dci"])
    }
    here = {firm for row in known for firm in row["firms"]}
    offered = {firm: name for firm, name in firm_names().items() if firm in here}
    return {**choosing.options(known, names, offered), "periode": choosing.periods(row["month"] for row in known)}


def firms_of(laboratory: object) -> tuple[str, ...]:
    """Firms behind a name as published: a company or its group, whatever its spelling; several hold some medicines."""
    parts = () if fr.missing(laboratory) else str(laboratory).split(";")
    keys = dict.fromkeys(key for part in parts if (key := firm_key(part)))
    return tuple(dict.fromkeys(_groups().get(key, (key, ""))[0] for key in keys))


@cache
def _groups() -> dict[str, tuple[str, str]]:
    """Key of a company → that of its group, and its name."""
    return {firm_key(name): (group.id, group.label) for group in firms().groups for name in group.members}


@kept
def firm_names() -> dict[str, str]:
    """The name of each firm: of its group, else the spelling met most often, the first in order of two."""
    groups, spellings = dict(_groups().values()), defaultdict[str, Counter[str]](Counter)
    for row in everything()[1]:
        for part in () if fr.missing(row["laboratory"]) else str(row["laboratory"]).split(";"):
            for firm in firms_of(part):
                spellings[firm][" ".join(part.split())] += 1
    return {
        firm: groups.get(firm) or min(found, key=lambda name: (-found[name], name)) for firm, found in spellings.items()
    }


_HEADS = {
    LISTED: ("ligne de la liste publique est en rupture, tension ou arrêt", "lignes de la liste publique sont en rupture, tension ou arrêt"),
    "remise": ("ligne est remise à disposition", "lignes sont remises à disposition"),
    ENDED: ("ligne a quitté la liste ou rechuté", "lignes ont quitté la liste ou rechuté"),
    CLOSED: ("déclaration close a été rendue publique", "déclarations closes ont été rendues publiques"),
    ALL: ("ligne des deux sources", "lignes des deux sources"),
}  # fmt: skip
_NO_LIST = ("Aucune photographie de la liste publique n'a été reçue.", "")
_NONE = {
    LISTED: ("Aucune ligne de la liste publique n'est en rupture, tension ou arrêt.", ""),
    "remise": ("Aucune ligne n'est remise à disposition.", ""),
    ENDED: ("Aucune fin n'a été vue.", "Il faut deux photographies de la liste publique."),
    CLOSED: (
        "La diffusion des déclarations closes n'a pas été reçue.",
        "Déposer son fichier dans « inbox/historique ».",
    ),
    ALL: ("Aucune ligne n'a été reçue.", ""),
}
_COUNTED = (("rupture", "rupture", "ruptures"), ("tension", "tension", "tensions"), ("risque", "risque", "risques"),
            ("arret", "arrêt", "arrêts"))  # fmt: skip


def sentence(choice: Choice) -> tuple[str, str]:
    """How many answer the filters, of which kind, on how many DCI; then their first cause."""
    found, whole = rows(choice), len(places(Choice(choice.status)))
    if not found:
        if whole:
            return "Aucune ligne ne passe ces filtres.", f"{fr.plural(whole, 'ligne', 'lignes')} sous ce statut."
        is_listed = choice.status not in (CLOSED, ALL)
        return _NO_LIST if is_listed and not session.load(public_list.photographs) else _NONE[choice.status]
    one, many = _HEADS[choice.status]
    head = fr.plural(len(found), one, many)
    if choice.is_filtered:
        head = f"{fr.plural(len(found), 'ligne', 'lignes')} sur {fr.number(whole)}"
    kinds = Counter(str(row["kind"]) for row in found)
    wording = ", ".join(fr.plural(kinds[key], *words) for key, *words in _COUNTED if kinds[key])
    if wording and (unknown := sum(fr.missing(row["kind"]) for row in found)):
        wording += f", {fr.number(unknown)} de type inconnu"
    molecules = len({row["dci_key"] for row in found if not fr.missing(row["dci_key"])})
    return f"{head} : {wording or 'type inconnu'}, sur {fr.number(molecules)} DCI.", _cause(found)


def _cause(found: Sequence[Row]) -> str:
    """« Première cause nommée : augmentation du volume de vente (31 %). »; empty where none is published."""
    with_cause = [row for row in found if len(row["causes"])]
    named = Counter(cause for row in with_cause for cause in set(row["causes"]) if cause != UNNAMED)
    if not named:
        return ""
    cause, times = named.most_common(1)[0]
    return f"Première cause nommée : {cause[:1].lower()}{cause[1:]} ({fr.percent(100 * times / len(with_cause))})."
