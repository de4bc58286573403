"""Sources: did they arrive, on time and whole? One row a source, gravest first; then the one opened."""

from __future__ import annotations

from typing import Any

import streamlit as st

from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import markup, tables
from pages.components.access import access_log
from pages.components.charts import figures
from pages.components.grid import Grid
from pages.components.shell import frame, session
from pages.sources import absent, account, confirmations, names, source_detail

QUESTION = "Les sources sont-elles arrivées, à jour et entières ?"
_HERE = "pages/sources/sources.py"
_METHODE = "pages/methode/methode.py"
_HEADS = ("Source", "État", "Dernière réception", "Dernière période", "Lignes lues", "Chargées", "De côté", "Ignorées")
_WIDTHS = "minmax(10rem,2.4fr) minmax(6rem,1fr) minmax(6.5rem,1fr) minmax(6rem,.9fr) repeat(4,minmax(4rem,.6fr))"
# Figures stand under the right end of their heading; a link to this very page is not painted as the current one.
_STYLE = """<style>
.st-key-grid-sources .vs-gh:nth-of-type(n+5) { text-align: right; }
.st-key-grid-sources [data-testid="stPageLink"] a { background: none; }
</style>"""
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
    """Answer, errors of the last refresh, the list, then the detail of the source in the URL."""
    as_of = session.load(referential.snapshot)["as_of"]
    states = figures.records(session.load(sources.states))
    run = session.last_run()
    errors = account.errors(run)
    rows = account.gravest_first(states, errors)
    frame.title_answer(QUESTION, account.sentence(states, len(errors)), as_of)
    markup.show(account.last_run_html(run, states, details=_may_see_files()))
    if not rows:
        frame.empty_state("Aucune source connue.", "Lancer « make refresh ».")
        return
    _list(rows, errors)
    table = session.load(sources.states)
    table = table.assign(state_label=[account.STATE[str(state)] for state in table["state"]])
    tables.table_twin(table, _COLUMNS, "sources", {"Données au": fr.day(as_of)}, source="source_state")
    if _may_see_files():
        names.draw()
        confirmations.draw({str(row["source_key"]): str(row["title"]) for row in rows})
        absent.draw()
    _opened(rows)
    with st.container(horizontal=True, gap="small"):
        for label, name in (("À jour ou en retard", "source_state"), ("Lignes mises de côté", "quarantine"),
                            ("Lignes à confirmer", "doubtful_row"), ("Désaccords", "file_disagreement"),
                            ("Noms à reconnaître", "name_question"), ("Lignes sans effet", "unmatched_key")):  # fmt: skip
            st.page_link(_METHODE, label=label, query_params={"indicateur": name})


def _may_see_files() -> bool:
    return session.load(sources.may_see_files)


def _list(rows: list[dict[str, Any]], failed: dict[str, str]) -> None:
    markup.show(_STYLE)
    grid = Grid("sources", _WIDTHS, _HEADS)
    for row in rows:
        grid.link(str(row["title"]), _HERE, {"source": str(row["source_key"])})
        grid.cells(*account.cells(row, failed))


def _opened(rows: list[dict[str, Any]]) -> None:
    asked = st.query_params.get("source")
    found = next((row for row in rows if row["source_key"] == asked), None)
    if found is None:
        frame.section("Une source")
        frame.empty_state(
            "Aucune source ouverte.", "Choisir une source ci-dessus : ses limites, ses fichiers, ses lignes de côté."
        )
        return
    access_log.reading(found["source_key"])
    source_detail.draw(found, may_see_files=_may_see_files())


main()
