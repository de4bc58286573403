"""« Le même ? »: names that may be one, answered in one click by the data steward; the answer can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from data.journal.entries import NameDecision
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

TITLE = "Noms à reconnaître"
_REFUSAL = "Seul le gestionnaire des données reconnaît un nom."
TO_ANSWER = "à répondre"
_REASON = "motif-nom"
_COLUMNS = {
    "kind": "Nature",
    "name": "Nom reçu",
    "other_name": "Peut-être le même que",
    "reason": "Question",
    "rows_held": "Lignes en attente",
    "file_name": "Premier fichier",
    "received_at": "Reçu le",
    "state": "État",
    "answered_by": "Réponse de",
    "answered_at": "Répondu le",
    "answer_reason": "Motif",
}

Row = Mapping[str, Any]
Key = tuple[str, str, str]


@kept
def known() -> tuple[int, dict[str, Row]]:
    """Names to answer, and every question by key: those that wait first."""
    rows = figures.records(session.load(sources.name_questions))
    waiting = sum(row["state"] == TO_ANSWER for row in rows)
    return waiting, {"-".join(key(row)): row for row in rows}


@st.fragment
def draw() -> None:
    """One line per question; under the opened one, its reason and its buttons. The steward alone answers; others read."""
    session.begin()
    waiting, found = known()
    note = "rien n'est fondu ni compté deux fois tant que personne n'a répondu"
    asked.heading(TITLE, waiting, note, "Aucun nom n'attend de réponse.")
    decided = asked.decided(
        lambda: {(item.kind, item.key, item.other_key): item for item in identity.journal().name_answers()},
        "Les réponses ne peuvent pas être lues.",
    )
    if decided is not None:
        asked.draw(
            list(found),
            lambda name: line(found[name], decided.get(key(found[name]))),
            lambda name: _form(found[name], decided.get(key(found[name]))),
            ("question", "questions"),
        )
    tables.table_twin(
        lambda: session.load(sources.name_questions),
        *(_COLUMNS, "noms", {"Noms": "à reconnaître et reconnus"}),
        source="name_question",
    )


def key(row: Row) -> Key:
    return str(row["kind"]), str(row["key"]), str(row["other_key"])


def _form(row: Row, answer: NameDecision | None) -> None:
    mark = "-".join(key(row))
    if answer:
        st.button("Retirer", key=f"nom-retirer-{mark}", on_click=_revoke, args=(row,))
        return
    st.text_input("Motif de la réponse (facultatif)", key=_REASON, max_chars=300, width=480)
    if row["other_key"]:
        st.button("Le même", key=f"nom-meme-{mark}", type="primary", on_click=_answer, args=(row, True))
    label = "Un autre" if row["other_key"] else "C'est son nom"
    st.button(label, key=f"nom-autre-{mark}", on_click=_answer, args=(row, False))


def line(row: Row, answer: NameDecision | None) -> Line:
    """The question, its file, how many rows wait, and what was answered."""
    question = "" if fr.missing(row["reason"]) else str(row["reason"])
    head = question or _quoted(row)
    held = int(row["rows_held"])
    waits = fr.plural(held, "ligne attend la réponse", "lignes attendent la réponse") if held else ""
    file = "" if fr.missing(row["file_name"]) else f"{row['file_name']}, reçu le {fr.day(row['received_at'])}"
    where = ", ".join(filter(None, (file, waits or ("aucune ligne n'attend" if file else ""))))
    return Line(head, "", "", where, decision(row, answer))


def _quoted(row: Row) -> str:
    return f"« {row['name']} » et « {row['other_name']} »" if row["other_name"] else f"« {row['name']} »"


def decision(row: Row, answer: NameDecision | None) -> str:
    """Read in the journal, which is ahead of the snapshot until the next refresh."""
    answered = row["state"] != TO_ANSWER
    if answer is None:
        return "Réponse retirée, prise en compte au prochain rafraîchissement." if answered else ""
    verdict = "le même" if answer.is_same else "un autre" if answer.other_key else "c'est son nom"
    counted = "" if answered else ", prise en compte au prochain rafraîchissement"
    why = f" Motif : {answer.reason}" if answer.reason else ""
    return f"Réponse de {answer.login} le {fr.moment(answer.at.astimezone(PARIS))} : {verdict}{counted}.{why}"


def _answer(row: Row, same: bool) -> None:
    """The right is asked again, whatever was drawn."""
    who, reason = decisions.steward(_REFUSAL), str(st.session_state.get(_REASON) or "")
    kind, *keys = key(row)
    names = (str(row["name"]), str(row["other_name"]))
    if decisions.written(
        lambda: identity.journal().answer_name(who, kind, (keys[0], keys[1]), names, reason, same=same)
    ):
        identity.log("nom", kind, f"{_quoted(row)} : {'le même' if same else 'un autre'}")
        st.session_state[_REASON] = ""


def _revoke(row: Row) -> None:
    who = decisions.steward(_REFUSAL)
    kind, *keys = key(row)
    if decisions.written(lambda: identity.journal().revoke_name(who, kind, (keys[0], keys[1]))):
        identity.log("retrait", kind, _quoted(row))
