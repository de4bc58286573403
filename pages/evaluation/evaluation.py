"""File d'évaluation: which open declaration to look at first, why, and what moved since the last score."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from metrics.evaluation import queries as evaluation
from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import filters, tables
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.shell import frame, session
from pages.evaluation import queue, words

QUESTION = "Quelle déclaration regarder d'abord ?"
METHODS = [
    ("Score", "declaration_score"),
    ("Critères", "declaration_criterion"),
    ("Incohérences", "declaration_inconsistency"),
]
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
    "inconsistencies": "Incohérences entre versions",
    "updated_on": "Dernière mise à jour",
    "ask_again_on": "À redemander le",
    "is_dormant": "Dormant",
    "grid_version": "Version de la grille",
}


def main() -> None:
    """Sentence, levels, the queue; then what contradicts itself."""
    if not session.load(evaluation.is_visible):
        frame.title_answer(QUESTION, words.MASKED)
        frame.empty_state(words.MASKED, "La file d'évaluation est réservée aux évaluateurs de l'ANSM.")
        return
    as_of = session.load(referential.snapshot)["as_of"]
    everything = session.load(evaluation.queue)
    moved, since = _moved()
    table = everything.merge(
        moved[["declaration_no", "change", "level_before", "reasons"]], how="left", on="declaration_no"
    )
    frame.title_answer(QUESTION, words.sentence(table, since), as_of)
    if table.empty:
        frame.empty_state("Aucune déclaration ouverte.", "Déposer un extrait TrustMed dans « inbox/trustmed ».")
        return
    kept, chosen = _filtered(table)
    frame.section("File", "le score le plus haut d'abord ; à score égal, le dossier laissé le plus longtemps")
    queue.draw(kept, as_of)
    context = {**chosen, "Données au": fr.day(as_of)}
    tables.table_twin(kept, _TABLE, "file-evaluation", context, source="declaration_score")
    queue.inconsistencies(session.load(evaluation.inconsistencies), context)
    _footer()


def _moved() -> tuple[pd.DataFrame, str]:
    """Scores that moved since the chosen reference, and its name in words."""
    known = session.references(session.snapshot() or "")
    if not known:
        return session.load(evaluation.changes), ""
    options = {item.key: f"{item.label} ({fr.day(item.as_of)})" for item in known}
    picked = filters.segmented("Comparer avec", options, "depuis")
    chosen = next((item for item in known if item.key == picked), known[0])
    return session.load(evaluation.changes, reference=chosen.snapshot), f"{chosen.label} ({fr.day(chosen.as_of)})"


def _filtered(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Level, dormant files, words; all kept in the URL."""
    levels = {"tous": f"Tous ({len(table)})"}
    for level in reversed(session.load(evaluation.levels)):
        count = int((table["level"] == level["level"]).sum())
        levels[level["level"]] = f"{str(level['level']).capitalize()} ({count})"
    left, middle, right = st.columns([5, 2, 2], vertical_alignment="bottom")
    with left:
        level = filters.segmented("Niveau", levels, "niveau")
    with middle:
        view = filters.choose("Montrer", words.VIEWS, "vue")
    with right:
        typed = filters.search("Rechercher", placeholder="DCI, spécialité, laboratoire, numéro")
    kept = table if level == "tous" else table[table["level"] == level]
    kept = words.viewed(kept, view)
    if typed:
        text = kept[["declaration_no", "dci", "denomination", "laboratory"]].fillna("").agg(" ".join, axis=1)
        kept = kept[[filters.matching(typed, item) for item in text]]
    chosen: dict[str, Any] = {"Niveau": levels[level].rpartition(" (")[0], "Montrer": words.VIEWS[view or "toutes"]}
    return kept, chosen | ({"Recherche": typed} if typed else {})


def _footer() -> None:
    states = session.load(sources.states)
    mine = states[states["source_key"].isin(["trustmed", "bdpm", "listes"]) & (states["files"] > 0)]
    frame.footer(figures.records(mine), methods=METHODS)


main()
