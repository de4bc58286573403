"""Déclaration: what one declaration promises, whether it kept its word, version after version."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import declaration_rows, links, markup, states, tables
from pages.components import format as fr
from pages.components.access import access_log
from pages.components.charts import figures, simple
from pages.components.shell import frame, session
from pages.declarations import facts, kept_promises, return_link, score, timeline

QUESTION = "Que promet cette déclaration, et a-t-elle tenu parole ?"
METHODS = [
    ("Déclarations", "declaration"),
    ("Dates promises", "promise"),
    ("Score", "declaration_score"),
]
_PROMISES = {"promise": "Promesse", "version_no": "Version", "stated_on": "Dit le", "planned_on": "Date promise",
             "slip_days": "Décalage (j)", "nature": "Nature", "boxes": "Boîtes", "state": "État"}  # fmt: skip
_MEASURES = {"measure": "Mesure", "state": "État", "start_on": "Début", "end_on": "Fin",
             "town_pct": "Volume servi en ville (%)", "hospital_pct": "Volume servi à l'hôpital (%)",
             "detail": "Précisions"}  # fmt: skip


def main() -> None:
    """One declaration, or what to do when there is none to show."""
    number = st.query_params.get("numero", "")
    if not session.load(declarations.is_visible):
        _refuse(declaration_rows.MASKED, "Cet écran ne montre que des comptes par DCI.")
        return
    row = session.load(declarations.one, number)
    if row is None:
        asked = (
            f"Aucune déclaration ne porte le numéro « {number} »." if number else "Aucun numéro de déclaration choisi."
        )
        _refuse(asked, "Vérifier le numéro, ou choisir une déclaration dans la liste.")
        return
    access_log.reading(row["declaration_no"])
    _show(row, fr.as_date(session.load(referential.snapshot)["as_of"]) or date.max)


def _refuse(what: str, to_do: str) -> None:
    frame.title_answer(QUESTION, what)
    frame.empty_state(what, to_do)
    st.page_link("pages/declarations/declarations.py", label="Revenir à la liste des déclarations")


def _show(row: dict[str, Any], as_of: date) -> None:
    number = str(row["declaration_no"])
    promises = session.load(declarations.promises, number)
    _crumbs(row)
    frame.title_answer(QUESTION, kept_promises.sentence(row, as_of))
    states.note("declaration", "promise")
    left, right = st.columns([2, 1], gap="large")
    with left:
        _promises(promises, number, as_of)
        frame.section("Versions", "la plus récente en haut ; ce qui a changé est marqué avant → après")
        versions = session.load(declarations.versions, number)
        told = session.load(declarations.measures_by_version, number)
        markup.show(timeline.html(versions, figures.records(promises), told))
        score.draw(number, as_of)
    with right:
        markup.show(facts.html(row, session.load(declarations.alternatives, row["alternatives"])))
        _measures(number)
    _others(row, as_of)
    known = session.load(sources.states)
    frame.footer(figures.records(known[known["source_key"].isin(["trustmed", "bdpm"])]), methods=METHODS)


def _crumbs(row: dict[str, Any]) -> None:
    above = [("Déclarations", links.href("declarations/declarations", **return_link.filters()))]
    if row["dci_key"]:
        name = str(row["dci"])
        above.append((name[:1].upper() + name[1:], links.href("molecules/molecule", sujet=f"dci:{row['dci_key']}")))
    frame.breadcrumbs(above, str(row["declaration_no"]))


def _promises(promises: Any, number: str, as_of: date) -> None:
    kept = kept_promises.moves(promises)
    title = kept_promises.title(kept)
    frame.section("Dates promises", "chaque date, le jour où elle a été dite ; pleine : en vigueur, creuse : remplacée")
    simple.show(simple.promise_timeline(kept, as_of=as_of, title=title, scale=frame.scale()), "promesses", alt=title)
    words = promises.assign(promise=promises["promise"].str.capitalize())
    tables.table_twin(
        words, _PROMISES, f"promesses-{number}", {"Déclaration": number, "Données au": fr.day(as_of)}, source="promise"
    )


def _measures(number: str) -> None:
    measures = session.load(declarations.measures, number)
    frame.section("Mesures")
    markup.show(facts.measures_html(figures.records(measures)))
    if not measures.empty:
        tables.table_twin(measures, _MEASURES, f"mesures-{number}", {"Déclaration": number}, source="measure")


def _others(row: dict[str, Any], as_of: date) -> None:
    if not row["dci_key"]:
        return
    linked = session.load(declarations.of_dci, row["dci_key"])
    others = linked[(linked["status"] == "ouverte") & (linked["declaration_no"] != row["declaration_no"])]
    frame.section(f"Autres déclarations ouvertes : {row['dci']}", fr.plural(len(others), "déclaration", "déclarations"))
    if others.empty:
        markup.show('<p class="vs-empty-line">Aucune autre déclaration ouverte sur cette DCI.</p>')
    else:
        declaration_rows.draw("autres", others.head(20), as_of)


main()
