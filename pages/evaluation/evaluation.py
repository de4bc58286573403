"""File d'évaluation: which open declaration to look at first, why, and what moved since the last score."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from metrics.evaluation import queries as evaluation
from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import filters, links, lists, risk, tables, tokens
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.evaluation import queue, words
from pages.evaluation.queue import Choice

PAGE = "evaluation/evaluation"
QUESTION = "Quelle déclaration regarder d'abord ?"
METHODS = (
    ("Score", "declaration_score"),
    ("Critères", "declaration_criterion"),
    ("Incohérences", "declaration_inconsistency"),
)
_TABLE = {
    "declaration_no": "Déclaration",
    "level_label": "Niveau",
    "points": "Points",
    "most_points": "Maximum",
    "change": "Points depuis la référence",
    "dci": "DCI",
    "denomination": "Spécialité",
    "laboratory": "Laboratoire",
    "kind": "Type",
    "all_reasons": "Critères à 2 points et plus",
    "unknown_criteria": "Critères inconnus",
    "to_evaluate": "Critères à évaluer",
    "inconsistencies": "Incohérences",
    "updated_on": "Dernière mise à jour",
    "ask_again_on": "À redemander le",
    "is_dormant": "Dormant",
    "grid_version": "Version de la grille",
}
_INCONSISTENT = {
    "declaration_no": "Déclaration",
    "dci": "DCI",
    "laboratory": "Laboratoire",
    "version_no": "Version",
    "version_on": "Du",
    "field": "Ce qui a bougé",
    "before_text": "Avant",
    "after_text": "Après",
}


def main() -> None:
    """Sentence, tabs and levels, the queue; then its files."""
    if not session.load(evaluation.is_visible):
        closed.show()
        return
    as_of = session.load(referential.snapshot)["as_of"]
    references = session.references(session.snapshot() or "")
    compared = {item.key: item for item in references}
    with_ = compared.get(filters.chosen("depuis", list(compared)) or "", references[0] if references else None)
    since = f"{with_.label} ({fr.day(with_.as_of)})" if with_ else ""
    above = st.container()
    with st.container(key="vs-asked"):
        choice = _asked(with_.snapshot if with_ else "")
    with above:
        queue.answer.show(QUESTION, choice, since, as_of)
    if queue.everything(choice.reference)[1]:
        options = tuple((item.key, f"{item.label} ({fr.day(item.as_of)})") for item in references)
        awaited = risk.awaiting(queue.first(choice, lists.asked())[0])
        queue.board.show(choice, links.here(PAGE), options, lists.asked(), awaited, as_of)
        _files(choice, since, as_of)
    else:
        nothing.show()
    states = session.load(sources.states)
    received = set(states.loc[states["files"] > 0, "source_key"])
    frame.sources_footer([key for key in ("trustmed", "bdpm", "listes") if key in received], METHODS)


def _asked(reference: str) -> Choice:
    """Everything in the address; only words are typed."""
    typed = filters.search("Rechercher", placeholder="DCI, spécialité, laboratoire, numéro", width=420)
    view = filters.chosen("vue", list(words.VIEWS), "toutes") or "toutes"
    level = filters.chosen("niveau", list(tokens.RISK)) or ""
    wanted = st.query_params.get("tri", "")
    return Choice(reference, view, level, typed, wanted if wanted.removeprefix("-") in queue.ORDERS else "")


def _files(choice: Choice, since: str, as_of: Any) -> None:
    context = {"Niveau": tokens.RISK[choice.level].word if choice.level else "Tous", "Montrer": words.VIEWS[choice.view],
               **({"Recherche": choice.typed} if choice.typed else {}), "Comparé avec": since or "aucun relevé",
               "Données au": fr.day(as_of)}  # fmt: skip
    tables.table_twin(partial(queue.table, choice), _TABLE, "file-evaluation", context, source="declaration_score")
    found = queue.contradictions(choice)
    label = f"Incohérences entre versions ({fr.number(len(found))}) : table et téléchargement"
    source = "declaration_inconsistency"
    tables.table_twin(found, _INCONSISTENT, "incoherences", context, source=source, label=label)


@block
def closed() -> Markup:
    return render("evaluation/closed", question=QUESTION, masked=words.MASKED)


@block
def nothing() -> Markup:
    return frame.empty_html("Aucune déclaration ouverte.", "Déposer un extrait TrustMed dans « inbox/trustmed ».")


main()
