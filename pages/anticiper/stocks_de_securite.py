"""Stocks de sécurité: which specialities hold less than they owe, for how long, and whom to ask."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from metrics.referential import queries as referential
from metrics.safety_stock import queries as safety
from metrics.sources import queries as sources
from pages.anticiper import campaign, safety_rows
from pages.anticiper import safety_words as words
from pages.components import filters, markup, states, tables
from pages.components import format as fr
from pages.components.access import access_log
from pages.components.charts import figures
from pages.components.shell import frame, session

QUESTION = "Les stocks de sécurité sont-ils tenus ?"
METHODS = [
    ("Stock de sécurité", "safety_stock"),
    ("Semaine après semaine", "safety_stock_week"),
    ("Détail par présentation", "safety_box_week"),
    ("Déclarations et stock revenu", "safety_declaration"),
    ("Candidates à quatre mois", "safety_candidate"),
]
SOURCES = ("tracstocks", "bdpm", "listes", "references", "trustmed")


def main() -> None:
    """Sentence, summary by duty and by company, rows, the campaign."""
    if not session.load(safety.is_visible):
        frame.title_answer(QUESTION, words.MASKED)
        frame.empty_state(words.MASKED, "La page est réservée aux évaluateurs de l'ANSM.")
        return
    as_of = session.load(referential.snapshot)["as_of"]
    everything = session.load(safety.lines)
    frame.title_answer(QUESTION, words.sentence(everything), as_of)
    if everything.empty:
        frame.empty_state(
            "Aucune spécialité soumise à un stock de sécurité.",
            "Recevoir la Base de données publique des médicaments (liste des MITM), puis déposer TracStocks dans « inbox/tracstocks ».",
        )
        return
    _summary(everything)
    kept, chosen = _filtered(everything)
    context = {**chosen, "Données au": fr.day(as_of), "Réserve": words.CAUTION}
    frame.section("Spécialités", "la plus loin de son seuil d'abord")
    safety_rows.draw(kept)
    tables.table_twin(words.labelled(kept), words.TWIN, "stocks-de-securite", context, source="safety_stock")
    detail = _boxes(kept, context)
    _weeks(chosen, context)
    _campaign(kept, detail, context)
    received = session.load(sources.states)
    mine = received[received["source_key"].isin(SOURCES) & (received["files"] > 0)]
    frame.footer(figures.records(mine), methods=METHODS)


def _summary(table: pd.DataFrame) -> None:
    markup.show(f'<p class="vs-note">{escape(words.CAUTION)}</p>')
    states.note("safety_stock")
    left, right = st.columns([2.6, 1], gap="large")
    with left:
        frame.section("Par obligation", "spécialités commercialisées qui doivent un stock de sécurité")
        markup.show(safety_rows.duties(table))
    with right:
        frame.section("Par laboratoire", "spécialités sous le seuil")
        safety_rows.laboratories(table)


def _filtered(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """State, duty, company, words; all kept in the URL."""
    groups = {"dessous": "", "tenu": "", "retard": "", "inconnu": "", "toutes": f"Toutes ({fr.number(len(table))})"}
    for group, label in words.GROUPS.items():
        groups[group] = f"{label} ({fr.number(int((table['group'] == group).sum()))})"
    group = filters.segmented("Montrer", groups, "etat")
    first, left, middle, right = st.columns([1.3, 1.2, 1.3, 1.7], vertical_alignment="bottom")
    with first:
        named = {
            key: f"{title} ({fr.number(int(table[column].sum()))})" for key, (column, title) in words.CROSSINGS.items()
        }
        crossing = filters.choose("Croisement", named, "croisement", optional=True, placeholder="Aucun")
    with left:
        duty = filters.choose("Obligation", words.DUTIES, "obligation", optional=True, placeholder="Toutes")
    with middle:
        names = {name: name for name in sorted(table["laboratory"].unique())}
        laboratory = filters.choose("Laboratoire", names, "laboratoire", optional=True, placeholder="Tous")
    with right:
        typed = filters.search("Rechercher", placeholder="DCI, spécialité, laboratoire, CIS, CIP13, déclaration")
    kept = table if group == "toutes" else table[table["group"] == group]
    # A crossing already says on which side of the duty its lines are.
    kept = table[table[words.CROSSINGS[crossing][0]]] if crossing else kept
    kept = kept[kept["duty_origin"] == duty] if duty else kept
    kept = kept[kept["laboratory"] == laboratory] if laboratory else kept
    kept = kept[[filters.matching(typed, text) for text in kept["search_text"]]] if typed else kept
    chosen = {"Montrer": "Toutes" if group == "toutes" or crossing else words.GROUPS[group]}
    chosen |= {"Croisement": words.CROSSINGS[crossing][1]} if crossing else {}
    chosen |= {"Obligation": words.DUTIES[duty]} if duty else {}
    chosen |= {"Laboratoire": laboratory} if laboratory else {}
    return kept, chosen | ({"Recherche": typed} if typed else {})


def _boxes(kept: pd.DataFrame, context: dict[str, str]) -> pd.DataFrame:
    """Presentations behind the lines kept, with their units per box; returned for the campaign."""
    every = words.labelled(session.load(safety.boxes))
    mine = every.merge(kept[["cis", "laboratory"]], on=["cis", "laboratory"])
    label = "Détail par présentation : unités par boîte, stock et ventes"
    tables.table_twin(
        mine, words.BOXES, "stocks-de-securite-presentations", context, source="safety_box_week", label=label
    )
    return mine


def _weeks(chosen: dict[str, str], context: dict[str, str]) -> None:
    """The readings behind the figures, once a company is chosen."""
    laboratory = chosen.get("Laboratoire")
    if laboratory:
        access_log.reading(laboratory)
        table = words.labelled(session.load(safety.weekly, laboratory))
        label = f"Relevés semaine après semaine de {laboratory}"
        tables.table_twin(
            table, words.WEEKS, "stocks-de-securite-semaines", context, source="safety_stock_week", label=label
        )


def _campaign(kept: pd.DataFrame, detail: pd.DataFrame, context: dict[str, str]) -> None:
    """One file a company of the rows shown."""
    if kept.empty:
        return
    count = kept["laboratory"].nunique()
    frame.section(
        "Campagne de vérification",
        "les lignes choisies ci-dessus, un classeur par laboratoire : aucun ne montre les chiffres d'un autre",
    )
    label = f"Télécharger la campagne ({fr.plural(count, 'laboratoire', 'laboratoires')}, ZIP)"
    tables.download_file(
        label, "campagne-stocks-de-securite.zip", campaign.MIME, partial(campaign.archive, kept, detail, context)
    )


main()
