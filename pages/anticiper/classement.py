"""Classement: inside a list too long to watch whole, which DCI to look at before they run short."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from metrics.anticipation import queries as anticipation
from metrics.referential import queries as referential
from metrics.referential import shared_lines
from metrics.sources import queries as sources
from pages.anticiper import rank_rows
from pages.anticiper import rank_words as words
from pages.components import by_dci, filters, markup, states, tables
from pages.components import format as fr
from pages.components.access import access_log
from pages.components.charts import figures
from pages.components.shell import frame, session

QUESTION = "Quelles DCI regarder avant qu'elles ne manquent ?"
MOLECULE = "pages/molecules/molecule.py"
METHODS = [
    ("Classement", "anticipation_rank"),
    ("Valeurs lues", "anticipation_value"),
]
SOURCES = ("trustmed", "historique", "tracstocks", "bdpm", "listes")


def main() -> None:
    """The list chosen, its DCI in order, and why one of them has its place."""
    if not session.load(anticipation.is_visible):
        lines = words.by_dci(session.load(shared_lines.ranking))
        by_dci.draw(QUESTION, words.by_dci_sentence(lines), lines, words.BY_DCI, "dci_rank")
        return
    known = session.load(anticipation.lists)
    as_of = session.load(referential.snapshot)["as_of"]
    if not known:
        frame.title_answer(QUESTION, "Aucune liste n'est connue.")
        frame.empty_state("Aucune liste reçue.", "Déposer le classeur des listes dans « inbox/listes ».")
        return
    head = st.container()
    name, order, kept, chosen = _chosen(known)
    bounds = session.load(anticipation.share_bounds)
    with head:
        frame.title_answer(QUESTION, words.sentence(session.load(anticipation.ranking, name), name, bounds), as_of)
        states.note("anticipation_rank")
    months = words.known_months(session.load(anticipation.ranking, name))
    notes = f"{words.weights(session.load(anticipation.components))} {months}{words.NOT_KNOWN}"
    markup.show(f'<p class="vs-note">{escape(notes)}</p>')
    context = {**chosen, "Réserve": notes, "Données au": fr.day(as_of)}
    _one(name, kept)
    frame.section(
        "Classement", f"par {words.ORDERS[order].lower()}, de 0 à 100 ; chaque composante avec ce qui a été lu"
    )
    rank_rows.draw(kept, name, bounds)
    tables.table_twin(kept, words.TWIN, "classement", context, source="anticipation_rank")
    label = "Barème : bandes et points"
    tables.table_twin(session.load(anticipation.bands), words.BANDS, "classement-bareme", context, label=label)
    received = session.load(sources.states)
    mine = received[received["source_key"].isin(SOURCES) & (received["files"] > 0)]
    frame.footer(figures.records(mine), methods=METHODS)


def _chosen(known: dict[str, int]) -> tuple[str, str, pd.DataFrame, dict[str, str]]:
    """List, order, words; all kept in the URL."""
    options = {name: f"{label} ({fr.number(known[name])})" for name, label in words.LISTS.items() if name in known}
    left, middle, right = st.columns([1.6, 2.2, 1.6], vertical_alignment="bottom")
    with left:
        name = filters.choose("Liste", options, "liste") or next(iter(options))
    with middle:
        order = filters.segmented("Classer par", words.ORDERS, "ordre")
    with right:
        typed = filters.search("Rechercher", placeholder="DCI")
    table = session.load(anticipation.ranking, name)
    kept = table.sort_values([order, "score", "dci"], ascending=[False, False, True], kind="stable")
    kept = kept[[filters.matching(typed, text) for text in kept["search_text"]]] if typed else kept
    chosen = {"Liste": words.LISTS[name], "Classé par": words.ORDERS[order]}
    return name, order, kept, chosen | ({"Recherche": typed} if typed else {})


def _one(name: str, table: pd.DataFrame) -> None:
    """The eight lines behind the score of the DCI named in the address."""
    asked = st.query_params.get("dci")
    found = figures.records(table[table["dci_key"] == asked])
    if not found:
        return
    row = found[0]
    access_log.reading(f"dci:{row['dci_key']}")
    values = session.load(anticipation.values, name, str(asked))
    dci = str(row["dci"])
    frame.section(
        f"{dci[:1].upper()}{dci[1:]}", f"rang {fr.number(row['place'])}, {fr.number(row['score'], 1)} sur 100"
    )
    markup.show(rank_rows.values_html(figures.records(values)))
    st.page_link(MOLECULE, label=f"Ouvrir la molécule {dci}", icon="", query_params={"sujet": f"dci:{asked}"})
    context = {"Liste": words.LISTS[name], "DCI": dci}
    tables.table_twin(values, words.VALUES, f"classement-{asked}", context, source="anticipation_value")


main()
