"""Classement: inside a list too long to watch whole, which DCI to look at before they run short."""

from __future__ import annotations

from functools import partial

import streamlit as st

from metrics.anticipation import queries as anticipation
from metrics.referential import queries as referential
from metrics.referential import shared_lines
from pages.anticiper import open_view, rank_rows
from pages.anticiper import rank_words as words
from pages.components import by_dci, filters, links, lists, markup, tables
from pages.components import format as fr
from pages.components.access import access_log
from pages.components.shell import frame, session
from pages.components.templating import render

PAGE = "anticiper/classement"
METHODS = (("Classement", "anticipation_rank"), ("Valeurs lues", "anticipation_value"))
SOURCES = ("trustmed", "historique", "tracstocks", "edl", "bdpm", "listes")


def main() -> None:
    """The list chosen, or the DCI named in the address; places by DCI where laboratories may not be seen."""
    if session.is_open():
        open_view.draw()
        return
    if not session.load(anticipation.is_visible):
        _by_dci()
        return
    known = [name for name in words.LISTS if name in session.load(anticipation.lists)]
    if not known:
        markup.show(render("anticiper/ranking_none", question=rank_rows.QUESTION))
        return
    name = filters.chosen("liste", known) or known[0]
    asked = st.query_params.get("dci")
    if any(row["dci_key"] == asked for row in rank_rows.everything(name)):
        _one(name, str(asked))
    else:
        _list(name)
    frame.sources_footer(SOURCES, METHODS)


def _list(name: str) -> None:
    """Answer, search, rows, files."""
    head = st.container()
    with st.container(key="vs-asked"):
        typed = filters.search("Rechercher", placeholder="DCI", width=300)
    with head:
        rank_rows.answer.show(name, typed)
    order = rank_rows.order(st.query_params.get("tri", ""))
    rank_rows.board.show(name, typed, links.here(PAGE), order, lists.asked())
    context = {"Liste": words.LISTS[name], **({"Recherche": typed} if typed else {}), **_reserve(name)}
    tables.table_twin(
        partial(rank_rows.table, name, typed), words.TWIN, "classement", context, source="anticipation_rank"
    )
    bands = partial(session.load, anticipation.bands)
    tables.table_twin(bands, words.BANDS, "classement-bareme", context, label="Barème : bandes et points")


def _one(name: str, dci_key: str) -> None:
    """Why one DCI has its place."""
    access_log.reading(f"dci:{dci_key}")
    frame.name_tab(next(fr.capital(row["dci"]) for row in rank_rows.everything(name) if row["dci_key"] == dci_key))
    rank_rows.one.show(name, dci_key)
    context = {"Liste": words.LISTS[name], "DCI": dci_key, **_reserve(name)}
    values = partial(session.load, anticipation.values, name, dci_key)
    tables.table_twin(values, words.VALUES, f"classement-{dci_key}", context, source="anticipation_value")


def _reserve(name: str) -> dict[str, str]:
    as_of = session.load(referential.snapshot)["as_of"]
    return {"Réserve": rank_rows.notes(name), "Données au": fr.day(as_of)}


def _by_dci() -> None:
    """One list at a time, by its places."""
    lines = words.by_dci(session.load(shared_lines.ranking))
    known = [] if lines.empty else [name for name in words.LISTS if name in set(lines["list"])]
    name = filters.chosen("liste", known) or (known[0] if known else "")
    mine = lines if lines.empty else lines[lines["list"] == name]
    options = [(key, words.LISTS[key]) for key in known]
    choices = render("anticiper/ranking_lists", here=links.here(PAGE), options=options, name=name)
    answer, chosen = words.by_dci_sentence(mine), {"Liste": words.LISTS.get(name, "")}
    by_dci.draw(rank_rows.QUESTION, answer, mine, words.BY_DCI, "dci_rank", choices=choices, chosen=chosen)


main()
