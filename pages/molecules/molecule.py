"""Molécule: is a followed group or a DCI available, until when, and what was declared on it."""

from __future__ import annotations

import streamlit as st

from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from metrics.sources import queries as sources
from pages.components.access import access_log
from pages.components.charts import figures
from pages.components.shell import frame, session
from pages.molecules import answer, chain, comments, entry, linked, one_page, side_panel, view

SOURCES = ("trustmed", "tracstocks", "pointstock", "iqvia", "openhealth", "bdpm", "historique")
METHODS = [
    ("Couverture", "coverage_weekly"),
    ("Statut", "link_status"),
    ("Basculement", "tipping"),
    ("Déclarations", "declaration"),
    ("Déclarations rendues publiques", "past_dci"),
]


def main() -> None:
    """The search and where to start, or the subject asked for."""
    asked = st.query_params.get("sujet")
    found = view.opened(asked) if asked else None
    if found is None:
        entry.draw(unknown=asked)
    else:
        access_log.reading(found.id)
        _subject(found)
    _footer(found)


def _subject(seen: view.View) -> None:
    supplies = session.load(coverage.supplies, seen.id)
    public = session.load(declarations.public_lines, seen.dci_key)
    photographs = session.load(sources.photographs)
    last = photographs["photograph_on"].max() if len(photographs) else None
    top, side = st.columns([3, 1], gap="large")
    with side:
        typed = entry.box()
    with top:
        frame.breadcrumbs(seen.crumbs(), seen.short)
        told = answer.sentence(seen, supplies, public, last)
        frame.title_answer(f"{seen.short} : disponible, et jusqu'à quand ?", told)
        one_page.offer(seen, told, answer.facts(seen, supplies))
    entry.results(typed)
    if seen.is_measured:
        left, right = st.columns([2, 1], gap="large")
        with left:
            chain.draw(seen, supplies)
        with right:
            side_panel.draw(seen)
    else:
        frame.empty_state(
            "Aucun stock ni aucune vente reçus pour ce sujet.",
            "La disponibilité se lit ci-dessous dans la liste publique et les déclarations. Pour la couverture, déposer les "
            "fichiers des exploitants, des grossistes-répartiteurs et des officines dans « inbox ».",
        )
        half, _ = st.columns(2)
        with half:
            side_panel.siblings(seen)
    linked.draw(seen, public)
    comments.draw(seen)


def _footer(seen: view.View | None) -> None:
    keys = [*SOURCES, *(["vigilance"] if seen and seen.pressure == "vigilance" else ["spf"])]
    states = session.load(sources.states)
    received = states[states["source_key"].isin(keys) & (states["files"] > 0)]
    frame.footer(figures.records(received), methods=METHODS)


main()
