"""Déclarations : which ones are open, found by DCI, class, list, kind, cause, laboratory or words."""

from __future__ import annotations

import streamlit as st

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import declaration_rows, markup, states
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.shell import frame, session
from pages.declarations import listing, return_link, summary

QUESTION = "Quelles déclarations sont ouvertes ?"
METHODS = [("Déclarations", "declaration")]


def main() -> None:
    """The full list, or its counts by DCI where laboratories may not be seen."""
    return_link.restore()
    as_of = fr.as_date(session.load(referential.snapshot)["as_of"])
    counted = session.load(declarations.summary)
    if counted.empty:
        _nothing()
    elif session.load(declarations.is_visible):
        opened = session.load(declarations.listing, "ouverte")
        frame.title_answer(QUESTION, listing.sentence(opened, as_of))
        states.note("declaration", "promise")
        chosen, words = listing.choose(opened)
        listing.draw(chosen, words, as_of)
    else:
        frame.title_answer(QUESTION, summary.sentence(counted, as_of))
        states.note("declaration")
        summary.draw(counted, as_of)
    frame.footer(_sources(), methods=METHODS)


def _nothing() -> None:
    frame.title_answer(QUESTION, "Aucune déclaration n'a encore été reçue.")
    frame.empty_state(
        "Aucune déclaration de rupture ou de risque de rupture.",
        "Déposer l'export TrustMed dans « inbox/trustmed » (modèle : « make templates »), puis lancer « make refresh ».",
    )
    seen = session.load(sources.photographs)
    if not seen.empty:
        last = figures.records(seen)[0]
        markup.show(
            f'<p class="vs-note">La liste publique de l\'ANSM compte {fr.plural(last["ruptures"], "rupture", "ruptures")} '
            f"et {fr.plural(last['tensions'], 'tension', 'tensions')} (photographie du {fr.day(last['photograph_on'])}). "
            f"{declaration_rows.ONLY_WITHOUT_ALTERNATIVE}</p>"
        )
        frame.section("Par où commencer")
        st.page_link("pages/molecules/molecule.py", label="Chercher une molécule et lire ses lignes publiques")


def _sources() -> list[dict[str, object]]:
    known = session.load(sources.states)
    return figures.records(known[known["source_key"].isin(["trustmed", "bdpm"])])


main()
