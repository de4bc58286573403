"""The list of declarations: its filters kept in the address, its answer, its rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st
from markupsafe import Markup

from pages.components import declaration_rows, filters, links, lists, states, tables
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.links import Here
from pages.components.templating import render
from pages.declarations import choice, choosing
from pages.declarations.choice import Choice

PAGE = "declarations/declarations"
ORDERS = {"numero": "declaration_no", "dci": "dci_folded", "laboratoire": "laboratory_folded", "type": "kind",
          "maj": "updated_on", "retour": "expected_return_on", "report": "return_slip_days", "ville": "share_town_pct",
          "hopital": "share_hospital_pct"}  # fmt: skip
LATEST = "-maj"
_TWIN = declaration_rows.TWIN | {"atc": "ATC", "is_mitm": "MITM"}
_BOXES = {
    "dci": ("DCI", "Toutes"),
    "atc": ("Classe ATC", "Toutes"),
    "cause": ("Cause", "Toutes"),
    "laboratoire": ("Laboratoire", "Tous"),
    "mois": ("Déclarée en", "Tous les mois"),
}  # fmt: skip


def draw(question: str, as_of: date) -> None:
    """Answer, filters, rows, files."""
    head = st.container()
    chosen = _asked()
    with head:
        answer.show(question, chosen, as_of)
    board.show(chosen, links.here(PAGE), order(st.query_params.get("tri", "")), lists.asked(), as_of)
    if choice.places(chosen):
        context = {**chosen.words(), "Données au": fr.day(as_of)}
        tables.table_twin(partial(choice.table, chosen), _TWIN, "declarations", context, source="declaration")


def order(wanted: str) -> str:
    """The order of the address, when the list knows it."""
    return wanted if wanted.removeprefix("-") in ORDERS else LATEST


def _asked() -> Choice:
    """Text is typed and long lists are picked from; status, kind and list are links above the rows."""
    status = filters.chosen("statut", list(choice.STATUS), "ouverte") or "ouverte"
    typed, picked = choosing.ask(_BOXES, choice.options(status), "DCI, laboratoire, numéro, CIP13")
    return Choice(
        status,
        filters.chosen("type", list(choice.KIND)) or "",
        filters.chosen("liste", list(choice.LISTED)) or "",
        picked["dci"],
        picked["atc"],
        picked["cause"],
        picked["laboratoire"],
        picked["mois"],
        typed,
    )


@block
def answer(question: str, chosen: Choice, as_of: date) -> Markup:
    """Question and answer, which states what the filters keep."""
    lead, rest = choice.sentence(chosen, as_of)
    return render("declarations/answer", question=question, lead=lead, rest=rest, as_of=as_of,
                  state=states.of("declaration", "promise"))  # fmt: skip


@block
def board(chosen: Choice, here: Here, wanted: str, most: int, as_of: date) -> Markup:
    """Statuses with their counts, quick choices, then the first rows in the order asked for."""
    ordered, current = lists.sorted_by(choice.rows(chosen), wanted, ORDERS, LATEST)
    shown, cut = lists.cut(ordered, most, lists.HEAVY)
    return render(
        "declarations/list",
        here=here,
        chosen=chosen,
        statuses=[(key, label, _count(chosen, key)) for key, label in choice.STATUS.items()],
        kinds=list(choice.KIND.items()),
        listed=list(choice.LISTED.items()),
        order=current,
        rows=[declaration_rows.displayed(row, as_of) for row in shown],
        cut=cut,
    )


def _count(chosen: Choice, status: str) -> int:
    """Declarations that the same filters keep under another status."""
    return choice.count(replace(chosen, status=status))
