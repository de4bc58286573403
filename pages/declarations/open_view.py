"""Declarations of an open snapshot: the public list and the closed declarations made public, with the same filters."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st
from markupsafe import Markup

from connectors.language.typography import tied
from metrics.public_list import queries as public_list
from pages.components import filters, links, lists, open_data, states, tables
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.links import Here
from pages.components.open_limits import limits, list_age
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.declarations import choosing, open_choice
from pages.declarations.choosing import Row
from pages.declarations.open_choice import Choice

PAGE = "declarations/declarations"
QUESTION = "Quels médicaments sont en rupture ou en tension, et lesquels l'ont été ?"
METHODS = (("Lignes", "public_record"), ("Durées", "public_spell"))
ORDERS = {"dci": "dci_folded", "laboratoire": "laboratory_folded", "type": "kind", "debut": "began_on", "fin": "ended_on",
          "duree": "duration_days"}  # fmt: skip
LATEST = "-debut"
UNSAID = (
    open_data.NOT_EVERYTHING,
    "La liste ne publie ni cause, ni part de marché, ni mesure ; les déclarations closes ne publient ni fin, ni numéro, ni présentation.",
    "Aucune déclaration en cours : elles restent à l'ANSM. Les années qui ne sont pas diffusées manquent.",
    "Un même fait peut être dans les deux sources : leurs nombres ne s'additionnent pas.",
)
_TWIN = {"status_label": "Statut", "kind_label": "Type", "dci": "DCI", "denomination": "Spécialité", "cis": "CIS", "cip13": "CIP13",
         "laboratory": "Laboratoire", "causes": "Causes", "atc_group": "Classe ATC", "began_on": "Début ou événement",
         "ended_on": "Fin", "duration_days": "Durée (jours)", "duration_is_minimum": "Durée minimale",
         "times_put_off": "Reports", "is_copy": "Ligne identique à une autre"}  # fmt: skip
_BOXES = {
    "dci": ("DCI", "Toutes"),
    "atc": ("Classe ATC", "Toutes"),
    "cause": ("Cause", "Toutes"),
    "laboratoire": ("Laboratoire", "Tous"),
    "periode": ("Période du début", "Toutes"),
}  # fmt: skip


def draw() -> None:
    """Answer, filters, rows, files, what is not answered."""
    if not open_choice.everything()[1]:
        nothing.show()
        frame.sources_footer(("bdpm", "historique"), METHODS)
        return
    head = st.container()
    chosen = _asked()
    with head:
        answer.show(chosen)
    board.show(chosen, links.here(PAGE), order(st.query_params.get("tri", "")), lists.asked())
    if open_choice.places(chosen):
        rows = partial(open_choice.table, chosen)
        tables.table_twin(rows, _TWIN, "declarations-publiques", chosen.words(), source="public_record")
    limits.show(UNSAID)
    frame.sources_footer(("bdpm", "historique"), METHODS)


def order(wanted: str) -> str:
    """The order of the address, when the list knows it."""
    return wanted if wanted.removeprefix("-") in ORDERS else LATEST


def _asked() -> Choice:
    """Text is typed and long lists are picked from; status and type are links above the rows."""
    status = filters.chosen("statut", list(open_choice.statuses()), open_choice.LISTED) or open_choice.LISTED
    firm = next(iter(open_choice.firms_of(st.query_params.get("laboratoire", ""))), "")
    typed, picked = choosing.ask(
        _BOXES, open_choice.options(status), "DCI, spécialité, laboratoire, code", {"laboratoire": firm}
    )
    return Choice(
        status,
        filters.chosen("type", list(open_choice.KIND)) or "",
        picked["dci"],
        picked["atc"],
        picked["cause"],
        picked["laboratoire"],
        picked["periode"],
        typed,
    )


@block
def nothing() -> Markup:
    """Neither source was received."""
    return render("declarations/open_none", question=QUESTION)


@block
def answer(chosen: Choice) -> Markup:
    """Question and answer, which says what the filters keep and of which day."""
    lead, rest = open_choice.sentence(chosen)
    taken = session.load(public_list.photographs)
    seen = taken[-1]["photograph_on"] if taken and chosen.status != open_choice.CLOSED else None
    return render("declarations/open_head", question=QUESTION, lead=lead, rest=rest, seen_on=seen,
                  state=states.of("public_record"), reserve=list_age() if seen else "")  # fmt: skip


@block
def board(chosen: Choice, here: Here, wanted: str, most: int) -> Markup:
    """Statuses with their counts, types, then the first rows in the order asked for."""
    ordered, current = lists.sorted_by(open_choice.rows(chosen), wanted, ORDERS, LATEST)
    shown, cut = lists.cut(ordered, most)
    return render(
        "declarations/open_list",
        here=here,
        chosen=chosen,
        statuses=[(key, label, _count(chosen, key)) for key, label in open_choice.statuses().items()],
        kinds=list(open_choice.KIND.items()),
        order=current,
        rows=[wording(row) for row in shown],
        has_causes=chosen.status in (open_choice.CLOSED, open_choice.ALL),
        has_end=chosen.status not in (open_choice.LISTED, open_choice.CLOSED),
        has_duration=chosen.status != open_choice.CLOSED,
        cut=cut,
    )


def _count(chosen: Choice, status: str) -> int:
    """Lines that the same filters keep under another status."""
    return open_choice.count(replace(chosen, status=status))


def wording(row: Row) -> Row:
    """The row with its kind, status and duration in words."""
    lasted = "" if fr.missing(row["duration_days"]) else tied(fr.number(row["duration_days"]), "j")
    is_over = row["status"] != open_choice.LISTED
    least = " au moins" if lasted and is_over and row["duration_is_minimum"] else ""
    return {
        **row,
        "kind_label": open_choice.WORDS.get(str(row["kind"]), "inconnu"),
        "status_label": open_choice.STATUS_WORDS[str(row["status"])].lower(),
        "lasted": f"{lasted}{least}",
        "is_severe": row["kind"] == "rupture",
    }
