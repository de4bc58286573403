"""« Le même ? »: names that may be one, answered in one click by the data steward; the answer can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from data.journal import JournalUnavailable
from data.journal.entries import NameDecision
from data.settings import PARIS
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import markup, tables
from pages.components.access import identity
from pages.components.charts import figures
from pages.components.shell import frame, session
from pages.sources import decisions

TITLE = "Noms à reconnaître"
_REFUSAL = "Seul le gestionnaire des données reconnaît un nom."
TO_ANSWER = "à répondre"
SHOWN = 40  # questions with buttons; the table has them all
WIDE = 1000  # px
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


def draw() -> None:
    """Nothing is drawn when no name was ever doubtful."""
    known = session.load(sources.name_questions)
    if known.empty:
        return
    rows = figures.records(known)
    waiting = [row for row in rows if row["state"] == TO_ANSWER]
    note = "rien n'est fondu ni compté deux fois tant que personne n'a répondu"
    frame.section(f"{TITLE} : {fr.number(len(waiting))}", note)
    try:
        decided = {(item.kind, item.key, item.other_key): item for item in identity.journal().name_answers()}
    except JournalUnavailable as error:
        frame.empty_state("Les réponses ne peuvent pas être lues.", str(error))
    else:
        _answers(rows, decided)
    tables.table_twin(known, _COLUMNS, "noms", {"Noms": "à reconnaître et reconnus"}, source="name_question")


def key(row: Row) -> Key:
    return str(row["kind"]), str(row["key"]), str(row["other_key"])


def _answers(rows: Sequence[Row], decided: Mapping[Key, NameDecision]) -> None:
    """One line per question with its buttons. The steward alone answers; the others read."""
    may = identity.identity().is_steward and not frame.projected()
    if may and any(key(row) not in decided for row in rows):
        st.text_input("Motif, joint à la prochaine réponse (facultatif)", key=_REASON, max_chars=300, width=640)
    for row in rows[:SHOWN]:
        words, same, other = st.columns([5, 1, 1], vertical_alignment="center", width=WIDE)
        markup.show(line_html(row, decided.get(key(row))), box=words)
        if may:
            _buttons(same, other, row, decided.get(key(row)))


def _buttons(same: Any, other: Any, row: Row, answer: NameDecision | None) -> None:
    mark = "-".join(key(row))
    if answer:
        same.button("Retirer", key=f"nom-retirer-{mark}", on_click=_revoke, args=(row,))
        return
    if row["other_key"]:
        same.button("Le même", key=f"nom-meme-{mark}", type="primary", on_click=_answer, args=(row, True))
    other.button("Un autre" if row["other_key"] else "C'est son nom", key=f"nom-autre-{mark}", on_click=_answer,
                 args=(row, False))  # fmt: skip


def line_html(row: Row, answer: NameDecision | None) -> str:
    """The question, its file, how many rows wait, and what was answered."""
    asked = "" if fr.missing(row["reason"]) else str(row["reason"])
    head = asked or (f"« {row['name']} » et « {row['other_name']} »" if row["other_name"] else f"« {row['name']} »")
    held = int(row["rows_held"])
    waits = fr.plural(held, "ligne attend la réponse", "lignes attendent la réponse") if held else ""
    file = "" if fr.missing(row["file_name"]) else f"{row['file_name']}, reçu le {fr.day(row['received_at'])}"
    where = ", ".join(filter(None, (file, waits or ("aucune ligne n'attend" if file else ""))))
    told = decision(row, answer)
    return (
        f'<p style="margin:0"><b>{escape(head)}</b><br><span class="vs-note">{escape(where)}</span>'
        f"{f'<br><b>{escape(told)}</b>' if told else ''}</p>"
    )


def decision(row: Row, answer: NameDecision | None) -> str:
    """Read in the journal, which is ahead of the snapshot until the next refresh."""
    answered = row["state"] != TO_ANSWER
    if answer is None:
        return "Réponse retirée, prise en compte au prochain rafraîchissement." if answered else ""
    said = "le même" if answer.is_same else "un autre" if answer.other_key else "c'est son nom"
    counted = "" if answered else ", prise en compte au prochain rafraîchissement"
    why = f" Motif : {answer.reason}" if answer.reason else ""
    return f"Réponse de {answer.login} le {fr.moment(answer.at.astimezone(PARIS))} : {said}{counted}.{why}"


def _answer(row: Row, same: bool) -> None:
    """The right is asked again, whatever was drawn."""
    who, reason = decisions.steward(_REFUSAL), str(st.session_state.get(_REASON) or "")
    kind, *keys = key(row)
    names = (str(row["name"]), str(row["other_name"]))
    if decisions.written(
        lambda: identity.journal().answer_name(who, kind, (keys[0], keys[1]), names, reason, same=same)
    ):
        identity.log("nom", kind, "le même" if same else "un autre")
        st.session_state[_REASON] = ""


def _revoke(row: Row) -> None:
    who = decisions.steward(_REFUSAL)
    kind, *keys = key(row)
    if decisions.written(lambda: identity.journal().revoke_name(who, kind, (keys[0], keys[1]))):
        identity.log("retrait", kind, "nom")
