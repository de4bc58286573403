"""Molécule: is a followed group or a DCI available, until when, and what was declared on it."""

from __future__ import annotations

import streamlit as st

from metrics.sources import queries as received
from pages.components import blocks, links, lists
from pages.components import format as fr
from pages.components.access import access_log, identity
from pages.components.blocks import kept
from pages.components.open_limits import limits
from pages.components.shell import frame, session
from pages.molecules import (
    answer,
    chain,
    comments,
    count_preparations,
    dispensed,
    entry,
    european,
    hints,
    linked,
    market,
    one_page,
    open_entry,
    open_records,
    open_view,
    preparations,
    public_records,
    sites,
    view,
)

SOURCES = (
    "trustmed",
    "esmp",
    "tracstocks",
    "pointstock",
    "iqvia",
    "dispostock",
    "openhealth",
    "gers",
    "octave",
    "csrp",
    "vigirupture",
    "dpruptures",
    "sisac",
    "preparations",
    "edl",
    "bdpm",
    "historique",
)
METHODS = (
    ("Couverture", "coverage_weekly"),
    ("Pharmacies hospitalières", "pui_week"),
    ("Parts par circuit", "circuit_share"),
    ("Sur ordonnance", "dispensed_prescribed"),
    ("Âge, sexe, origine", "dispensed_detail"),
    ("Statut", "link_status"),
    ("Basculement", "tipping"),
    ("Déclarations", "declaration"),
    ("Plateforme européenne", "european_dci"),
    ("Signaux faibles", "weak_signal"),
    ("Alertes DP-Ruptures", "pharmacy_alert_place"),
    ("Signalements des ARS", "agency_signal_place"),
    ("Préparations magistrales", "preparation_weekly"),
    ("Sites de production", "site_step"),
    ("Déclarations rendues publiques", "past_dci"),
)


def main() -> None:
    """Where to start, or the subject asked for."""
    asked = st.query_params.get("sujet", "")
    seen = view.opened(asked) if asked else None
    if seen is None:
        typed = st.query_params.get("q", "").strip()[:120]
        frame.name_tab(typed and f"« {typed} »")
        here = links.here(view.PAGE)
        found = [entry.results(typed, here, lists.asked())] if typed else []
        start = open_entry.page if session.is_open() else entry.page
        unsaid = [limits(open_entry.UNSAID)] if session.is_open() else []
        blocks.show(*found, start(asked, here, lists.asked()), *unsaid)
    else:
        access_log.reading(seen.id)
        frame.name_tab(fr.capital(seen.short))
        (open_view.draw if session.is_open() else _subject)(seen)
    surveillance = "vigilance" if seen and seen.surveillance == "vigilance" else "spf"
    if session.is_open():
        frame.sources_footer(_received(open_view.SOURCES), open_view.METHODS)
    else:
        frame.sources_footer(_received((*SOURCES, surveillance)), METHODS)


def _subject(seen: view.View) -> None:
    here, place, (link, period) = links.here(view.PAGE), _place(seen), chain.chosen(seen.id)
    head = answer.head(seen.id, seen.crumbs(), *place)
    if seen.is_measured:
        blocks.show(head, chain.head(seen.id, here, link, period))
        chain.drawing.show("chaine", seen.id, link, period, frame.scale())
    else:
        blocks.show(head, chain.nothing())
    linked.declared.show(seen.id, here, lists.asked())
    linked.declared_twin(seen)
    european.declared.show(seen.id)
    european.declared_twin(seen)
    if seen.is_measured:
        chain.reading.show(seen.id)
        chain.twins(seen)
        market.sold.show(seen.id)
        market.twins(seen)
    dispensed.prescribed.show(seen.id)
    dispensed.twin(seen)
    preparations.draw(seen)
    count_preparations.draw(seen.id)
    has_page = seen.plan is not None and session.has_page(str(seen.plan["plan"]))
    market.around.show(seen.id, has_page)
    hints.hints.show(seen.id)
    hints.hints_twin(seen)
    sites.made.show(seen.id)
    sites.made_twin(seen)
    linked.listed.show(seen.id)
    linked.listed_twin(seen)
    public_records.past.show(seen.id)
    public_records.past_twin(seen)
    blocks.show(public_records.rules(seen.id), open_records.folded(seen.id))
    public_records.twins(seen)
    comments.draw(seen.id)
    one_page.offer(seen, *answer.in_short(seen.id, *place))


def _place(seen: view.View) -> tuple[str, str]:
    """Department of the address, or region of an agency: facts of a followed group come first."""
    if not seen.is_group:
        return "", ""
    department, region = st.query_params.get("departement", ""), identity.identity().region
    if department:
        return "departement", department
    return ("region", region) if region else ("", "")


@kept
def _received(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Sources of the page that gave something."""
    states = session.load(received.states)
    arrived = set(states[states["files"] > 0]["source_key"])
    return tuple(key for key in keys if key in arrived)


main()
