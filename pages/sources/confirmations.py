"""Rows that wait for a person: why, one click of the data steward to accept, and what the journal keeps of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

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

TITLE = "Lignes à confirmer"
_REFUSAL = "Seul le gestionnaire des données accepte une ligne."
PENDING, ACCEPTED = "à confirmer", "acceptée"
UNIT, TOGETHER, NAME = "unite", "ensemble", "nom"  # a name is answered in ``names.py``, not row by row
STOCKS = ("pointstock_stock", "grossistes_stock", "tracstocks_stock")
_REASON = "motif-acceptation"
_COLUMNS = {
    "source": "Source",
    "file_name": "Fichier",
    "sheet": "Feuille",
    "line": "Ligne",
    "reporter": "Déclarant",
    "cip13": "CIP13",
    "label": "Présentation",
    "week": "Semaine ou date",
    "column_name": "Colonne",
    "value": "Valeur",
    "previous_value": "Dernier relevé accepté",
    "previous_week": "Semaine de ce relevé",
    "reason": "Motif",
    "state": "État",
    "accepted_by": "Acceptée par",
    "accepted_at": "Acceptée le",
    "accept_reason": "Motif de l'acceptation",
    "received_at": "Reçue le",
}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Message:
    """What one click answers: one row, or every row of a reporter's file in another unit."""

    rows: tuple[Row, ...]

    @property
    def refs(self) -> tuple[str, ...]:
        return tuple(str(row["row_ref"]) for row in self.rows)

    @property
    def key(self) -> str:
        return self.refs[0]


@kept
def known() -> tuple[int, dict[str, Message]]:
    """Rows that wait, and the messages by key: those that wait first, then those accepted."""
    rows = [row for row in figures.records(session.load(sources.doubtful)) if row["rule"] != NAME]
    waiting, accepted = ([row for row in rows if row["state"] == state] for state in (PENDING, ACCEPTED))
    return len(waiting), {message.key: message for message in (*messages(waiting), *messages(accepted))}


@st.fragment
def draw() -> None:
    """One line per message; under the opened one, its reason and its button. The steward alone answers; others read."""
    session.begin()
    waiting, found = known()
    note = "elles n'entrent dans aucun chiffre tant que personne ne les accepte"
    asked.heading(TITLE, waiting, note, "Aucune ligne n'attend de confirmation.")
    decided = asked.decided(
        lambda: {item.row_ref: item for item in identity.journal().acceptances()},
        "Les acceptations ne peuvent pas être lues.",
    )
    if decided is not None:
        titles = titles_of_sources()
        asked.draw(
            list(found),
            lambda key: line(found[key], decided, titles),
            lambda key: _form(found[key], decided),
            ("message", "messages"),
        )
    context = {"Lignes": "à confirmer, acceptées et remplacées par un fichier reçu ensuite"}
    tables.table_twin(_table, _COLUMNS, "a-confirmer", context, source="doubtful_row")


def _table() -> Any:
    rows = session.load(sources.doubtful)
    return rows.assign(source=rows["source_key"].map(titles_of_sources()), line=rows["line"].astype(str))


@kept
def titles_of_sources() -> dict[str, str]:
    """Title of each source, by key."""
    return {str(row["source_key"]): str(row["title"]) for row in figures.records(session.load(sources.states))}


def messages(rows: Sequence[Row]) -> list[Message]:
    """Rows of one delivery in another unit, or in contradiction with a file received together, make one message."""
    together: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        together.setdefault(_delivery(row), []).append(row)
    return [Message(tuple(lines)) for lines in together.values()]


def _delivery(row: Row) -> tuple[Any, ...]:
    """A panel or a sell-out file has one sender for all its places; a stock file has one sender a reporter."""
    if row["rule"] == TOGETHER:
        return (row["load_id"], row["lake_table"], TOGETHER)
    if row["rule"] != UNIT:
        return (row["row_ref"],)
    return (row["load_id"], row["lake_table"], row["reporter"] if row["lake_table"] in STOCKS else "")


def _form(message: Message, decided: Mapping[str, Acceptance]) -> None:
    if all(ref in decided for ref in message.refs):
        st.button("Retirer", key=f"retirer-{message.key}", on_click=_revoke, args=(message.refs,))
        return
    st.text_input("Motif (facultatif)", key=_REASON, max_chars=300, width=480)
    label = "Accepter" if len(message.rows) == 1 else "Accepter le fichier"
    accept = partial(_accept, message)
    st.button(label, key=f"accepter-{message.key}", type="primary", on_click=accept)


def line(message: Message, decided: Mapping[str, Acceptance], titles: Mapping[str, str]) -> Line:
    """Who reports what, where in which file, why it is doubtful, and what was decided."""
    row, alone = message.rows[0], len(message.rows) == 1
    source = fr.short_title(titles.get(str(row["source_key"]), row["source_key"]))
    senders = {str(line["reporter"]) for line in message.rows}
    who = senders.pop() if len(senders) == 1 else source
    what = str(row["label"]) if alone else fr.plural(len(message.rows), "ligne", "lignes")
    where = f"feuille {row['sheet']}, ligne {row['line']}" if alone else f"feuille {row['sheet']}"
    file = f"{source}, {row['file_name']}, {where}, reçu le {fr.day(row['received_at'])}"
    return Line(who, f", {what}, {when(message)}", str(row["reason"]), file, decision(message, decided))


def when(message: Message) -> str:
    """« S46, semaine du 09/11/2026 »; the first and the last week of several; the day of a declaration."""
    days = sorted({day for row in message.rows if (day := fr.as_date(row["week"]))})
    if not days:
        return "sans date"
    if str(message.rows[0]["lake_table"]).startswith("trustmed"):
        return f"datée du {fr.day(days[0])}"
    if len(days) == 1:
        return f"{fr.week(days[0])}, semaine du {fr.day(days[0])}"
    return f"semaines du {fr.day(days[0])} au {fr.day(days[-1])}"


def decision(message: Message, decided: Mapping[str, Acceptance]) -> str:
    """Read in the journal, which is ahead of the snapshot until the next refresh."""
    row, found = message.rows[0], decided.get(message.key)
    if found is None:
        return "Acceptation retirée, prise en compte au prochain rafraîchissement." if row["state"] == ACCEPTED else ""
    when = fr.moment(found.at.astimezone(PARIS))
    counted = "comptée" if row["state"] == ACCEPTED else "comptée au prochain rafraîchissement"
    why = f" Motif : {found.reason}" if found.reason else ""
    return f"Acceptée par {found.login} le {when}, {counted}.{why}"


def _accept(message: Message) -> None:
    """All rows of the message or none; the right is asked again, whatever was drawn."""
    who = decisions.steward(_REFUSAL)
    accepted = [(str(row["row_ref"]), str(row["source_key"]), description(row)) for row in message.rows]
    reason = str(st.session_state.get(_REASON) or "")
    if decisions.written(lambda: identity.journal().accept_rows(who, accepted, reason)):
        identity.log("acceptation", message.key, _accepted(message))
        st.session_state[_REASON] = ""


def _accepted(message: Message) -> str:
    """For the access log: where the row is, or how many rows of which file."""
    row, count = message.rows[0], len(message.rows)
    if count == 1:
        return f"{row['file_name']}, feuille {row['sheet']}, ligne {row['line']}"
    return f"{row['file_name']}, feuille {row['sheet']} : {fr.plural(count, 'ligne', 'lignes')}"


def _revoke(refs: Sequence[str]) -> None:
    who = decisions.steward(_REFUSAL)
    if decisions.written(lambda: identity.journal().revoke_rows(who, refs)):
        identity.log("retrait", refs[0], fr.plural(len(refs), "ligne", "lignes"))


def description(row: Row) -> str:
    """What was accepted, in words that stay readable once the row is gone."""
    return f"{row['file_name']}, feuille {row['sheet']}, ligne {row['line']} : {row['reason']}"
