"""Sources: did they arrive, on time and complete? One row per source, gravest first; what waits for somebody; the one opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import links, lists, markup, tables
from pages.components.access import access_log
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import frame, session
from pages.components.templating import macro, render
from pages.sources import absent, account, board, confirmations, names, source_detail

QUESTION = "Les sources sont-elles arrivées, à jour et entières ?"
PAGE = "sources/sources"
METHODS = (
    ("À jour ou en retard", "source_state"),
    ("Lignes mises de côté", "quarantine"),
    ("Lignes à confirmer", "doubtful_row"),
    ("Désaccords", "file_disagreement"),
    ("Noms à reconnaître", "name_question"),
    ("Lignes sans effet", "unmatched_key"),
)
# What the steward decides: tab of the address → its words, what counts it, what draws it.
ASKED: dict[str, tuple[str, Callable[[], int], Callable[[], None]]] = {
    "confirmer": ("À confirmer", lambda: confirmations.known()[0], confirmations.draw),
    "noms": ("Noms à reconnaître", lambda: names.known()[0], names.draw),
    "absentes": ("Absentes d'un fichier", lambda: absent.known()[0], absent.draw),
}
_COLUMNS = {
    "title": "Source",
    "producer": "Producteur",
    "licence": "Licence",
    "form": "Forme et rythme",
    "rhythm_days": "Rythme attendu (jours)",
    "rhythm": "Rythme constaté",
    "state_label": "État",
    "last_received_at": "Dernière réception",
    "age_days": "Âge (jours)",
    "last_period_on": "Dernière période au",
    "files": "Fichiers",
    "refused_files": "Fichiers refusés",
    "rows_in": "Lignes lues",
    "rows_loaded": "Lignes chargées",
    "rows_quarantined": "Lignes mises de côté",
    "rows_waiting": "Lignes à corriger",
    "rows_to_confirm": "Lignes à confirmer",
    "rows_without_effect": "Lignes sans effet",
    "rows_ignored": "Lignes ignorées par règle",
}


def main() -> None:
    """The source of the address, else answer, errors of the last refresh, and the tab of the address."""
    states, run = _states(), session.last_run()
    failed, may_see_files = tuple(account.errors(run)), session.load(sources.may_see_files)
    asked = st.query_params.get("source")
    found = next((row for row in states if row["source_key"] == asked), None)
    if found is not None:
        access_log.reading(found["source_key"])
        session.page_sources()[:] = [str(found["source_key"])]
        frame.name_tab(account.short(found))
        source_detail.draw(found, failed, may_see_files=may_see_files)
    else:
        _every(states, run, failed, may_see_files=may_see_files)
    markup.show(render("sources/methods", methods=METHODS))


@kept
def _states() -> list[dict[str, Any]]:
    return figures.records(session.load(sources.states))


def _every(states: list[dict[str, Any]], run: dict[str, Any], failed: tuple[str, ...], *, may_see_files: bool) -> None:
    as_of = session.load(referential.snapshot)["as_of"]
    lead, answer = account.answer(states, len(failed))
    title = macro(frame.PARTS, "title", QUESTION, answer, as_of, lead)
    markup.show(title + account.last_run_html(run, states, details=may_see_files))
    decided = ASKED if may_see_files and not session.is_open() else {}
    view = st.query_params.get("vue", "")
    view = view if view in decided or view in board.VIEWS else board.EVERY
    frame.name_tab("" if view == board.EVERY else {**board.VIEWS, **decided}[view][0])
    counts = tuple((key, words, count()) for key, (words, count, _) in decided.items())
    board.board.show(links.here(PAGE), view, st.query_params.get("tri", ""), lists.asked(), failed, counts)
    if view in decided:
        decided[view][2]()
    else:
        tables.table_twin(_table, _COLUMNS, "sources", {"Données au": fr.day(as_of)}, source="source_state")


def _table() -> Any:
    rows = session.load(sources.states)
    return rows.assign(state_label=[account.STATE[str(state)] for state in rows["state"]])


main()
