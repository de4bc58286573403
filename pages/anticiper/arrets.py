"""Arrêts de commercialisation: which stops matter, and who would have to take up the demand."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from metrics.referential import queries as referential
from metrics.referential import shared_lines
from metrics.sources import queries as sources
from metrics.stops import queries as stops
from pages.anticiper import stop_detail, stop_rows
from pages.anticiper import stop_words as words
from pages.components import by_dci, filters, states, tables
from pages.components import format as fr
from pages.components.access import access_log
from pages.components.charts import figures
from pages.components.shell import frame, session

QUESTION = "Quels arrêts de commercialisation faut-il anticiper ?"
METHODS = [
    ("Registre", "stop_register"),
    ("Report de la demande", "stop_transfer"),
]
SOURCES = ("arrets", "tracstocks", "bdpm", "listes", "trustmed")


def main() -> None:
    """The register, or the stop named in the address."""
    if not session.load(stops.is_visible):
        lines = session.load(shared_lines.stops)
        by_dci.draw(QUESTION, words.by_dci_sentence(lines), words.by_dci(lines), words.BY_DCI, "dci_stop")
        return
    as_of = session.load(referential.snapshot)["as_of"]
    asked = st.query_params.get("arret")
    found = session.load(stops.one, asked) if asked else None
    if found is not None:
        access_log.reading(found["stop_no"])
        stop_detail.draw(found, as_of)
    else:
        _register(as_of, asked)
    received = session.load(sources.states)
    mine = received[received["source_key"].isin(SOURCES) & (received["files"] > 0)]
    frame.footer(figures.records(mine), methods=METHODS)


def _register(as_of: object, unknown: str | None) -> None:
    everything = session.load(stops.register)
    frame.title_answer(QUESTION, words.sentence(everything), as_of)
    states.note("stop_register")
    if unknown:
        frame.empty_state(f"Dossier « {unknown} » inconnu.", "Le choisir dans la liste ci-dessous.")
    if everything.empty:
        frame.empty_state("Aucune intention d'arrêt reçue.", "Déposer l'export du formulaire dans « inbox/arrets ».")
        return
    kept, chosen = _filtered(everything)
    frame.section("Registre", "le plus proche d'abord ; part déclarée et part calculée côte à côte")
    stop_rows.draw(kept)
    tables.table_twin(kept, words.TWIN, "arrets", {**chosen, "Données au": fr.day(as_of)}, source="stop_register")


def _filtered(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """When, which view, words; all kept in the URL."""
    whens = {key: f"{label} ({fr.number(len(words.viewed(table, key, 'tous')))})" for key, label in words.WHEN.items()}
    left, middle, right = st.columns([1.6, 2, 2], vertical_alignment="bottom")
    with left:
        when = filters.segmented("Arrêts", whens, "quand")
    with middle:
        view = filters.choose("Montrer", words.VIEWS, "vue") or "tous"
    with right:
        typed = filters.search("Rechercher", placeholder="DCI, spécialité, laboratoire, dossier, code")
    kept = words.viewed(table, when, view)
    kept = kept[[filters.matching(typed, text) for text in kept["search_text"]]] if typed else kept
    chosen = {"Arrêts": words.WHEN[when], "Montrer": words.VIEWS[view]}
    return kept, chosen | ({"Recherche": typed} if typed else {})


main()
