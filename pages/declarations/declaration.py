"""Déclaration: what one declaration promises, whether it kept its word, version after version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from metrics.declarations import queries as declarations
from metrics.european import queries as european
from metrics.management_plans import queries as management_plans
from metrics.referential import queries as referential
from metrics.sites import queries as sites
from metrics.sources import queries as sources
from pages.components import declaration_rows, links, markup, states, tables, templating, tokens
from pages.components import format as fr
from pages.components.access import access_log
from pages.components.blocks import Drawn, block, chart, kept
from pages.components.charts import figures, legend, simple
from pages.components.charts.legend import Legend, Mark
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.declarations import facts, kept_promises, return_link, score, timeline

QUESTION = "Que promet cette déclaration, et a-t-elle tenu parole ?"
METHODS = (
    ("Déclarations", "declaration"),
    ("Dates promises", "promise"),
    ("Score", "declaration_score"),
    ("Sites de production", "site_step"),
    ("Plans de gestion", "management_plan"),
)
MOST_OTHERS = 15
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
    found = read(number)
    if found is None:
        asked = (
            f"Aucune déclaration ne porte le numéro « {number} »." if number else "Aucun numéro de déclaration choisi."
        )
        _refuse(asked, "Vérifier le numéro, ou choisir une déclaration dans la liste.")
        return
    access_log.reading(found.row["declaration_no"])
    _show(found, fr.as_date(session.load(referential.snapshot)["as_of"]) or date.max)


def _refuse(what: str, to_do: str) -> None:
    markup.show(render("declarations/refused", question=QUESTION, what=what, to_do=to_do, back=_list()))


def _list() -> str:
    return links.href("declarations/declarations", **return_link.filters())


@dataclass(frozen=True)
class Read:
    """One declaration in its last version; its promises and measures as tables, for their files."""

    row: dict[str, Any]
    promises: pd.DataFrame
    measures: pd.DataFrame


@kept
def read(number: str) -> Read | None:
    """None when no declaration bears the number."""
    row = session.load(declarations.one, number)
    if row is None:
        return None
    promises = session.load(declarations.promises, number)
    measures = session.load(declarations.measures, number)
    return Read(row, promises.assign(promise=promises["promise"].str.capitalize()), measures)


def _show(found: Read, as_of: date) -> None:
    number = str(found.row["declaration_no"])
    context = {"Déclaration": number, "Données au": fr.day(as_of)}
    frame.name_tab(number, fr.capital(found.row["dci"]))
    markup.show(_crumbs(found.row))
    head.show(number, as_of)
    left, right = st.columns([2, 1], gap="large")
    with left:
        dates.show(number)
        with st.container(key="vs-dates"):
            promises.show("promesses", number, as_of, frame.scale())
        tables.table_twin(found.promises, _PROMISES, f"promesses-{number}", context, source="promise")
        versions.show(number)
        score.draw(number, as_of)
    with right:
        last_version.show(number)
        if not found.measures.empty:
            tables.table_twin(found.measures, _MEASURES, f"mesures-{number}", context, source="measure")
    others.show(number, as_of)
    frame.sources_footer(("trustmed", "bdpm", *_beside()), METHODS)


@kept
def _beside() -> tuple[str, ...]:
    """Sources that stand beside the declaration, when they gave something."""
    known = session.load(sources.states)
    return tuple(known[known["source_key"].isin(["edl", "pgp"]) & (known["files"] > 0)]["source_key"])


def _crumbs(row: dict[str, Any]) -> Markup:
    above = [("Déclarations", _list())]
    if row["dci_key"]:
        above.append((fr.capital(row["dci"]), links.href("molecules/molecule", sujet=f"dci:{row['dci_key']}")))
    return templating.macro(frame.PARTS, "crumbs", above, str(row["declaration_no"]))


def _row(number: str) -> dict[str, Any]:
    found = read(number)
    if found is None:
        raise LookupError(number)
    return found.row


@block
def head(number: str, as_of: date) -> Markup:
    """Question, whether it kept its word, what is late in the data."""
    lead, rest = kept_promises.answer(_row(number), as_of)
    return render(
        "declarations/head", question=QUESTION, lead=lead, answer=rest, state=states.of("declaration", "promise")
    )


@block
def dates(number: str) -> Markup:
    """What the figure under it says."""
    moved = kept_promises.moves(session.load(declarations.promises, number))
    return render("declarations/dates", title=kept_promises.title(moved))


@chart
def promises(number: str, as_of: date, scale: float) -> Drawn:
    """Each date, the day it was stated; the last one kept is filled."""
    moved = kept_promises.moves(session.load(declarations.promises, number))
    figure = simple.promise_timeline(moved, as_of=as_of, scale=scale)
    said = Mark("sign", "jour où la date a été dite", tokens.RAMP[3], "●")
    key = Legend("", (said, *legend.PROMISES, *legend.on(figure))) if len(moved) else Legend("")
    return figure, kept_promises.title(moved), key


@block
def versions(number: str) -> Markup:
    """What each version changed, the newest on top."""
    stated = session.load(declarations.versions, number)
    promised = figures.records(session.load(declarations.promises, number))
    measures = session.load(declarations.measures_by_version, number)
    return render("declarations/versions", versions=timeline.versions(stated, promised, measures))


@block
def last_version(number: str) -> Markup:
    """Facts and measures of the last version."""
    row = _row(number)
    named = session.load(declarations.alternatives, row["alternatives"])
    beside = session.load(european.of_speciality, row["cis"])
    made = session.load(sites.of_speciality, row["cis"])
    planned = session.load(management_plans.of_speciality, row["cis"])
    measures = figures.records(session.load(declarations.measures, number))
    return facts.html(row, measures, named, beside, made, planned)


@block
def others(number: str, as_of: date) -> Markup:
    """The other open declarations of the DCI; nothing without a DCI."""
    row = _row(number)
    if not row["dci_key"]:
        return Markup()
    linked = figures.records(session.load(declarations.of_dci, row["dci_key"]))
    found = [item for item in linked if item["status"] == "ouverte" and item["declaration_no"] != number]
    table = declaration_rows.table(found[:MOST_OTHERS], as_of, caption=f"Autres déclarations ouvertes : {row['dci']}")
    return render("declarations/others", dci=row["dci"], dci_key=row["dci_key"], count=len(found), shown=MOST_OTHERS,
                  table=table)  # fmt: skip


main()
