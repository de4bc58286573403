"""Plans de gestion: which specialities have no plan of the last campaign, and what the plans of the others promise."""

from __future__ import annotations

from functools import partial

import streamlit as st

from metrics.management_plans import queries as management_plans
from metrics.referential import queries as referential
from pages.anticiper import pgp_choice, pgp_rows
from pages.anticiper import pgp_words as words
from pages.anticiper.pgp_choice import Choice
from pages.components import filters, links, lists, markup, tables
from pages.components import format as fr
from pages.components.shell import frame, session
from pages.components.templating import render

PAGE = "anticiper/plans_de_gestion"
METHODS = (("Plans de gestion", "management_plan"), ("Stock de sécurité", "safety_stock"))
SOURCES = ("pgp", "bdpm", "listes", "tracstocks", "trustmed")
NOTHING_TO_DO = "Déposer les fiches de lecture dans « inbox/pgp » (modèle : « make templates »), puis « make refresh »."


def main() -> None:
    """Answer, search, rows, file."""
    if not session.load(management_plans.is_visible):
        _instead(words.MASKED, words.MASKED, "La page est réservée aux évaluateurs de l'ANSM.")
        return
    if not pgp_choice.everything()[1]:
        _, explanation = words.sentence([])
        _instead(explanation, "Aucun plan connu.", NOTHING_TO_DO)
        return
    head = st.container()
    with st.container(key="vs-asked"):
        typed = filters.search("Rechercher", placeholder="DCI, spécialité, laboratoire, CIS, déclaration", width=420)
    crossing = filters.chosen("manque", list(words.CROSSINGS)) or ""
    chosen = Choice("" if crossing else filters.chosen("etat", list(words.GROUPS)) or "", crossing, typed)
    with head:
        pgp_rows.answer.show(chosen)
    order = pgp_rows.order(st.query_params.get("tri", ""))
    pgp_rows.board.show(chosen, links.here(PAGE), order, lists.asked())
    as_of = session.load(referential.snapshot)["as_of"]
    context = {**chosen.words(), "Réserve": words.CAUTION, "Données au": fr.day(as_of)}
    table = partial(pgp_choice.table, chosen)
    tables.table_twin(table, words.TWIN, "plans-de-gestion", context, source="management_plan")
    frame.sources_footer(SOURCES, METHODS)


def _instead(answer: str, what: str, to_do: str) -> None:
    as_of = session.load(referential.snapshot)["as_of"]
    shown = {"question": pgp_rows.QUESTION, "answer": answer, "as_of": as_of, "what": what, "to_do": to_do}
    markup.show(render("anticiper/safety_none", **shown))


main()
