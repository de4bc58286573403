"""Sites: on which sites medicines depend, by step and country, what has no other, and what the stop of one would touch."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from metrics.referential import queries as referential
from metrics.sites import queries as sites
from pages.anticiper import site_choice, site_rows
from pages.anticiper import site_words as words
from pages.anticiper.site_choice import Choice
from pages.components import filters, links, lists, markup, tables
from pages.components import format as fr
from pages.components.access import access_log
from pages.components.shell import frame, session
from pages.components.templating import render

PAGE = "anticiper/sites"
METHODS = (("Sites", "production_site"), ("Étapes", "site_step"), ("Spécialités", "site_speciality"))
SOURCES = ("edl", "bdpm", "listes", "trustmed")
NOTHING_TO_DO = "Déposer les états des lieux dans « inbox/edl » (modèle : « make templates »), puis « make refresh »."


def main() -> None:
    """The list, or what depends on the site named in the address."""
    if not session.load(sites.is_visible):
        _instead(words.MASKED, words.MASKED, "La page est réservée aux évaluateurs de l'ANSM.")
        return
    if not site_choice.everything():
        _, explanation = words.sentence([], {})
        _instead(explanation, "Aucun site connu.", NOTHING_TO_DO)
        return
    asked = st.query_params.get("site", "")
    if asked and site_choice.one(asked) is not None:
        _one(asked)
    else:
        _list()
    frame.sources_footer(SOURCES, METHODS)


def _instead(answer: str, what: str, to_do: str) -> None:
    as_of = session.load(referential.snapshot)["as_of"]
    shown = {"question": site_rows.QUESTION, "answer": answer, "as_of": as_of, "what": what, "to_do": to_do}
    markup.show(render("anticiper/safety_none", **shown))


def _list() -> None:
    """Answer, search, rows, gaps of the list of MITM, files."""
    head = st.container()
    with st.container(key="vs-asked"):
        typed = filters.search("Rechercher", placeholder="Site, pays, DCI, spécialité, laboratoire, CIS", width=420)
    chosen = Choice(
        filters.chosen("etape", sites.STEPS) or "",
        filters.chosen("lieu", list(words.PLACES)) or "",
        filters.chosen("unique", ["oui"]) or "",
        typed,
    )
    with head:
        site_rows.answer.show(chosen)
    order = site_rows.order(st.query_params.get("tri", ""))
    site_rows.board.show(chosen, links.here(PAGE), order, lists.asked())
    context = {**chosen.words(), "Réserve": words.CAUTION, "Données au": _as_of()}
    tables.table_twin(partial(site_choice.table, chosen), words.TWIN, "sites", context, source="production_site")
    site_rows.gaps.show()
    label = "Tous les écarts de statut : table et téléchargement"
    context = {"Contenu": "statuts MITM qui diffèrent de la liste publique", "Données au": _as_of()}
    tables.table_twin(_gaps, words.GAP_COLUMNS, "sites-mitm", context, source="site_speciality", label=label)


def _one(site_key: str) -> None:
    """What depends on one site."""
    access_log.reading(site_key)
    site_rows.one.show(site_key, links.here(PAGE), lists.asked())
    row = site_choice.one(site_key)
    context = {"Site": words.named(row) if row else site_key, "Réserve": words.BESIDE, "Données au": _as_of()}
    depending = partial(session.load, sites.depending, site_key)
    tables.table_twin(depending, words.DEPENDING, f"site-{site_key}", context, source="site_speciality")


def _gaps() -> pd.DataFrame:
    found: pd.DataFrame = session.load(sites.mitm_gaps)
    return found.assign(gap_label=found["mitm_gap"].map(words.GAPS))


def _as_of() -> str:
    return fr.day(session.load(referential.snapshot)["as_of"])


main()
