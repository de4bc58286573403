"""Arrêts de commercialisation: which stops matter, and who would have to take up the demand."""

from __future__ import annotations

from functools import partial

import streamlit as st
from markupsafe import Markup

from metrics.referential import queries as referential
from metrics.referential import shared_lines
from metrics.stops import queries as stops
from pages.anticiper import silent_stops, stop_choice, stop_detail, stop_rows
from pages.anticiper import stop_words as words
from pages.anticiper.stop_choice import Choice
from pages.components import by_dci, filters, links, lists, states, tables
from pages.components import format as fr
from pages.components.access import access_log
from pages.components.blocks import block
from pages.components.shell import frame, session
from pages.components.templating import render

PAGE = "anticiper/arrets"
QUESTION = "Quels arrêts de commercialisation faut-il anticiper ?"
METHODS = (("Registre", "stop_register"), ("Report de la demande", "stop_transfer"), *silent_stops.METHODS)
SOURCES = ("arrets", silent_stops.SOURCE, "tracstocks", "bdpm", "listes", "trustmed")


def main() -> None:
    """The register, or the stop named in the address; lines by DCI where laboratories may not be seen."""
    if not session.load(stops.is_visible):
        lines = session.load(shared_lines.stops)
        answer, written = words.by_dci_sentence(lines), {"first_month": fr.month}
        by_dci.draw(QUESTION, answer, words.by_dci(lines), words.BY_DCI, "dci_stop", written=written)
        silent_stops.draw()
        return
    asked = st.query_params.get("arret")
    found = session.load(stops.one, asked) if asked else None
    if found is not None:
        access_log.reading(found["stop_no"])
        stop_detail.draw(str(found["stop_no"]))
    else:
        _register(asked or "")
        silent_stops.draw()
    frame.sources_footer(SOURCES, METHODS)


def _register(unknown: str) -> None:
    """Answer, search, rows, files."""
    head = st.container()
    chosen = _asked()
    with head:
        answer.show(chosen, unknown)
    if not stop_choice.everything()[1]:
        return
    stop_rows.board.show(chosen, links.here(PAGE), stop_rows.order(st.query_params.get("tri", "")), lists.asked())
    context = {**chosen.words(), "Données au": fr.day(session.load(referential.snapshot)["as_of"])}
    tables.table_twin(partial(stop_choice.table, chosen), words.TWIN, "arrets", context, source="stop_register")


def _asked() -> Choice:
    """Period and view are links above the rows; text is typed."""
    when = filters.chosen("quand", list(words.WHEN), "a-venir") or "a-venir"
    view = filters.chosen("vue", list(words.VIEWS), "tous") or "tous"
    if not stop_choice.everything()[1]:
        return Choice(when, view)
    with st.container(key="vs-asked"):
        typed = filters.search("Rechercher", placeholder="DCI, spécialité, laboratoire, dossier, code", width=400)
    return Choice(when, view, typed)


@block
def answer(chosen: Choice, unknown: str) -> Markup:
    """Question and answer, which says what the filters keep; ``unknown``: a number that no stop bears."""
    found = stop_choice.rows(chosen)
    whole = len(stop_choice.rows(Choice(chosen.when))) if chosen.is_filtered else None
    return render(
        "anticiper/stops_head",
        question=QUESTION,
        lead=words.sentence(found, chosen.when, whole),
        rest=words.heaviest(found),
        as_of=session.load(referential.snapshot)["as_of"],
        state=states.of("stop_register"),
        unknown=unknown,
        is_empty=not stop_choice.everything()[1],
    )


main()
