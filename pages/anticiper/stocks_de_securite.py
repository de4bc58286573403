"""Stocks de sécurité: which specialities hold less than they owe, for how long, and whom to ask."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from metrics.referential import queries as referential
from metrics.safety_stock import queries as safety
from pages.anticiper import campaign, safety_choice, safety_rows
from pages.anticiper import safety_words as words
from pages.anticiper.safety_choice import EVERY, Choice
from pages.components import filters, links, lists, markup, tables
from pages.components import format as fr
from pages.components.access import access_log
from pages.components.shell import frame, session
from pages.components.templating import render

PAGE = "anticiper/stocks_de_securite"
METHODS = (
    ("Stock de sécurité", "safety_stock"),
    ("Semaine après semaine", "safety_stock_week"),
    ("Détail par présentation", "safety_box_week"),
    ("Déclarations et stock revenu", "safety_declaration"),
    ("Candidates à quatre mois", "safety_candidate"),
)
SOURCES = ("tracstocks", "bdpm", "listes", "references", "trustmed")
NOTHING_TO_DO = "Recevoir la Base de données publique des médicaments (liste des MITM), puis déposer TracStocks dans « inbox/tracstocks »."


def main() -> None:
    """Answer, filters, rows, files, the campaign."""
    if not session.load(safety.is_visible):
        _instead(words.MASKED, "La page est réservée aux évaluateurs de l'ANSM.")
        return
    as_of = session.load(referential.snapshot)["as_of"]
    if not safety_choice.everything()[1]:
        _, explanation = words.sentence([])
        _instead(explanation, "Aucune spécialité soumise à un stock de sécurité.", NOTHING_TO_DO)
        return
    head = st.container()
    chosen = _asked()
    with head:
        safety_rows.answer.show(chosen)
    order, opened = safety_rows.order(st.query_params.get("tri", "")), _opened(chosen)
    safety_rows.board.show(chosen, links.here(PAGE), order, lists.asked(), opened)
    _files(chosen, {**chosen.words(), "Données au": fr.day(as_of), "Réserve": words.CAUTION})
    frame.sources_footer(SOURCES, METHODS)


def _instead(answer: str, what: str, to_do: str = "") -> None:
    as_of = session.load(referential.snapshot)["as_of"]
    markup.show(
        render(
            "anticiper/safety_none", question=safety_rows.QUESTION, answer=answer, as_of=as_of, what=what, to_do=to_do
        )
    )


def _asked() -> Choice:
    """Text is typed and companies are picked; state, crossing and duty are links above the rows."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="vs-asked"):
        typed = filters.search(
            "Rechercher", placeholder="DCI, spécialité, laboratoire, CIS, CIP13, déclaration", width=420
        )
        names = safety_choice.laboratories()
        laboratory = filters.choose("Laboratoire", names, "laboratoire", optional=True, placeholder="Tous", width=260)
    return Choice(
        filters.chosen("etat", [*words.GROUPS, EVERY], "dessous") or "dessous",
        filters.chosen("croisement", list(words.CROSSINGS)) or "",
        filters.chosen("obligation", list(words.DUTIES)) or "",
        laboratory or "",
        typed,
    )


def _opened(chosen: Choice) -> str:
    """CIS of the line whose presentations are shown, when the filters keep it."""
    asked = st.query_params.get("cis", "")
    if not asked or all(row["cis"] != asked for row in safety_choice.rows(chosen)):
        return ""
    access_log.reading(asked)
    return asked


def _files(chosen: Choice, context: dict[str, str]) -> None:
    """Lines, presentations and readings behind them, then one file per company of the rows shown."""
    lines, boxes = partial(safety_choice.table, chosen), partial(safety_choice.boxes, chosen)
    name = "stocks-de-securite"
    tables.table_twin(lines, words.TWIN, name, context, source="safety_stock")
    label = "Détail par présentation : unités par boîte, stock et ventes"
    tables.table_twin(boxes, words.BOXES, f"{name}-presentations", context, source="safety_box_week", label=label)
    if chosen.laboratory:
        access_log.reading(chosen.laboratory)
        label = f"Relevés semaine après semaine de {chosen.laboratory}"
        weeks = partial(_weeks, chosen.laboratory)
        tables.table_twin(weeks, words.WEEKS, f"{name}-semaines", context, source="safety_stock_week", label=label)
    if count := len({row["laboratory"] for row in safety_choice.rows(chosen)}):
        frame.section(
            "Campagne de vérification",
            "les lignes choisies ci-dessus, un classeur par laboratoire : aucun ne montre les chiffres d'un autre",
        )
        label = f"Télécharger la campagne ({fr.plural(count, 'laboratoire', 'laboratoires')}, ZIP)"
        tables.download_file(
            label, f"campagne-{name}.zip", campaign.MIME, lambda: campaign.archive(lines(), boxes(), context)
        )


def _weeks(laboratory: str) -> pd.DataFrame:
    return words.labelled(session.load(safety.weekly, laboratory))


main()
