"""Presentations missing from files that came: which, from whose file, and whether absent means none in stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from connectors.language.names import identity_key
from data.building.empty_stocks import KINDS
from data.journal.decisions import absent_is_zero, sender_of
from data.journal.entries import Acceptance
from data.settings import PARIS
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import tables
from pages.components.access import identity
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.sources import asked, decisions
from pages.sources.asked import Line

TITLE = "Présentations absentes d'un fichier reçu"
_REFUSAL = "Seul le gestionnaire des données décide de ce que vaut une ligne absente."
SHOWN = 3  # presentations named in a line; the table has them all
_FILES = {"tracstocks": "TracStocks", "pointstock": "PointStock", "grossistes": "fichier des grossistes"}
_COLUMNS = {
    "reporter": "Émetteur",
    "cip13": "CIP13",
    "label": "Présentation",
    "last_week": "Dernier relevé, semaine du",
    "week": "Semaine examinée",
    "state": "État",
}

Row = Mapping[str, Any]


@kept
def known() -> tuple[int, list[dict[str, Any]], list[dict[str, Any]]]:
    """Presentations missing, each with its sender; and the spellings of senders' names."""
    rows = figures.records(session.load(sources.left_out))
    return len(rows), rows, figures.records(session.load(sources.sender_names))


@st.fragment
def draw() -> None:
    """One line per sender; under the opened one, its button."""
    session.begin()
    missing, rows, names = known()
    nothing = "" if rows else "Aucune présentation ne manque dans un fichier reçu."
    asked.heading(TITLE, missing, "leur émetteur a envoyé son fichier, sans elles", nothing)
    decided = (
        asked.decided(
            lambda: in_force(identity.journal().acceptances(), names),
            "Les décisions sur les absences ne peuvent pas être lues.",
        )
        or {}
    )
    senders = by_sender(rows, decided)
    if not senders:
        return
    asked.draw(
        list(senders),
        lambda ref: line(ref, senders[ref], decided.get(ref)),
        lambda ref: _form(ref, decided.get(ref)),
        ("émetteur", "émetteurs"),
    )
    tables.table_twin(lambda: session.load(sources.left_out), _COLUMNS, "absentes", {}, source="left_out_presentation")


def in_force(acceptances: Iterable[Acceptance], names: Iterable[Row]) -> dict[str, Acceptance]:
    """Decisions by source and by the name in force of the sender, however it was typed when they were taken."""
    known = {(row["kind"], identity_key(row["spelling"])): row["name"] for row in names}
    found = {}
    for item in acceptances:
        if (sender := sender_of(item.row_ref)) is not None:
            source, typed = sender
            name = known.get((KINDS.get(source), identity_key(typed)), typed)
            found[absent_is_zero(source, name)] = item
    return found


def by_sender(rows: Sequence[Row], decided: Mapping[str, Acceptance]) -> dict[str, list[Row]]:
    """Presentations by sender; senders of whom something was decided are there even when nothing is missing."""
    senders: dict[str, list[Row]] = {}
    for row in rows:
        senders.setdefault(absent_is_zero(str(row["source_key"]), str(row["reporter"])), []).append(row)
    return senders | {ref: [] for ref in decided if ref not in senders}


def line(ref: str, rows: Sequence[Row], decision: Acceptance | None) -> Line:
    """Who, what is missing and what becomes of it, what was decided."""
    named = ", ".join(f"{row['label'] or row['cip13']} ({row['state']})" for row in rows[:SHOWN])
    more = f" et {fr.number(len(rows) - SHOWN)} de plus" if len(rows) > SHOWN else ""
    what = f"{fr.plural(len(rows), 'présentation', 'présentations')} : {named}{more}" if rows else "rien ne manque"
    choice = _words(decision) if decision else ""
    return Line(_sender(ref), f", {_FILES[_source(ref)]}, {what}.", "", "", choice)


def _source(ref: str) -> str:
    return (sender_of(ref) or ("", ""))[0]


def _sender(ref: str) -> str:
    return (sender_of(ref) or ("", ""))[1]


def _words(decision: Acceptance) -> str:
    when = fr.moment(decision.at.astimezone(PARIS))
    return f"Absent = 0, décidé par {decision.login} le {when} : une ligne absente vaut un stock nul, ventes inconnues."


def _form(ref: str, decision: Acceptance | None) -> None:
    if decision is not None:
        st.button("Retirer", key=f"retirer-{ref}", on_click=_withdraw, args=(decision.row_ref,))
    else:
        help_ = "Cet émetteur n'écrit pas les stocks nuls : une présentation absente de son fichier vaut zéro boîte."
        st.button("Absent = 0", key=f"decider-{ref}", on_click=_decide, args=(ref,), help=help_)


def _decide(ref: str) -> None:
    """The right is asked again, whatever was drawn."""
    who, source = decisions.steward(_REFUSAL), _source(ref)
    reason = f"{_sender(ref)}, {_FILES[source]} : une ligne absente vaut un stock nul (absent = 0)"
    if decisions.written(lambda: identity.journal().accept_row(who, ref, source, reason)):
        identity.log("absent = 0", ref, reason)


def _withdraw(ref: str) -> None:
    who = decisions.steward(_REFUSAL)
    if decisions.written(lambda: identity.journal().revoke_row(who, ref)):
        identity.log("retrait", ref, f"{_sender(ref)} : absent = 0")
