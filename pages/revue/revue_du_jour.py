"""Revue du jour: which molecules call for an action this morning, and what changed since the last measurements."""

from __future__ import annotations

import streamlit as st

from metrics.alerts import queries as alerts
from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import links, lists, tables
from pages.components.access import identity
from pages.components.blocks import kept
from pages.components.shell import frame, session
from pages.revue import alertes, cards, changes, open_view, period

METHODS = (
    ("Maillon le plus faible", "plan_status"),
    ("Début d'une tension", "spell"),
    ("Changements de statut", "review_status"),
    ("Alertes", "alert"),
    ("Signaux faibles", "weak_signal"),
    ("Département en alerte", "department_status"),
)


def main() -> None:
    if session.is_open():
        open_view.draw()
        return
    as_of = session.load(referential.snapshot)["as_of"]
    region = identity.identity().region or ""
    compared = period.period(as_of)
    here = links.here(links.HOME)
    context = {"Depuis": compared.words or fr.UNKNOWN, "Données au": fr.day(as_of)}

    cards.head.show(here, compared.options, compared.key, region)
    calls = session.load(cards.listed, region)
    if session.load(alerts.are_evaluated):
        alertes.draw(here, calls, region, alertes.choice(), context)

    tab = st.query_params.get("onglet", "")
    asked = changes.Asked(
        compared.since.snapshot if compared.since else None,
        compared.words,
        region,
        changes.last_errors(),
        period.missing_committee(compared),
    )
    changes.panel.show(asked, tab, lists.asked(), here)
    if (box := st.expander(tables.LABEL, key="table-revue", on_change="rerun")).open:
        with box:
            changes.table(asked, tab, context)
    frame.sources_footer(_received(), METHODS)


@kept
def _received() -> list[str]:
    states = session.load(sources.states)
    return list(states[states["state"] != "absent"]["source_key"])


main()
