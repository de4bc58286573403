"""What declarations show without naming a laboratory: counts by DCI."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st
from markupsafe import Markup

from connectors.language.folding import fold_words
from metrics.declarations import queries as declarations
from pages.components import declaration_rows, filters, links, lists, states, tables
from pages.components import format as fr
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render

PAGE = "declarations/declarations"
ORDERS = {"dci": "folded", "ouvertes": "open_declarations", "ruptures": "open_ruptures", "risques": "open_risks",
          "maj": "last_updated_on"}  # fmt: skip
MOST_DECLARED = "-ouvertes"
_TWIN = {
    "dci": "DCI",
    "open_declarations": "Déclarations ouvertes",
    "open_ruptures": "dont ruptures",
    "open_risks": "dont risques",
    "last_updated_on": "Dernière mise à jour",
}


def draw(question: str, as_of: date) -> None:
    """Counts by DCI, the most declared first; each opens its molecule."""
    left, right = st.columns([3.2, 1], vertical_alignment="bottom")
    with right:
        typed = filters.search("Rechercher une DCI", placeholder="amoxicilline")
    wanted = st.query_params.get("tri", "")
    wanted = wanted if wanted.removeprefix("-") in ORDERS else MOST_DECLARED
    with left:
        answer.show(question, typed, as_of)
    board.show(typed, links.here(PAGE), wanted, lists.asked())
    found = session.load(declarations.summary)
    kept_keys = {row["dci_key"] for row in counts(typed)}
    context = {"Contenu": "comptes par DCI, sans laboratoire", "Données au": fr.day(as_of)}
    context |= {"Recherche": typed} if typed else {}
    table = found[found["dci_key"].isin(kept_keys)]
    tables.table_twin(table, _TWIN, "declarations-par-dci", context, source="declaration_summary")


@kept
def counts(typed: str) -> list[dict[str, Any]]:
    """DCI that have an open declaration and whose name holds the words."""
    words = fold_words(typed).split()
    rows = [
        row | {"folded": fold_words(str(row["dci"]))}
        for row in figures.records(session.load(declarations.summary))
        if row["open_declarations"] > 0
    ]
    return [row for row in rows if all(word in row["folded"] for word in words)]


@block
def answer(question: str, typed: str, as_of: date) -> Markup:
    return render("declarations/answer", question=question, lead=sentence(counts(typed), as_of, typed), rest="", as_of=as_of,
                  state=states.of("declaration"))  # fmt: skip


def sentence(found: list[dict[str, Any]], as_of: date, typed: str = "") -> str:
    """Open declarations of these DCI by kind."""
    total, ruptures, risks = (
        sum(int(row[name]) for row in found) for name in ("open_declarations", "open_ruptures", "open_risks")
    )
    if not total and typed:
        return f"Aucune DCI dont une déclaration est ouverte ne s'écrit avec « {typed} »."
    if not total:
        return f"Aucune déclaration n'est ouverte au {fr.day(as_of)}."
    return (
        f"{fr.plural(total, 'déclaration est ouverte', 'déclarations sont ouvertes')} : "
        f"{fr.plural(ruptures, 'rupture', 'ruptures')} et "
        f"{fr.plural(risks, 'risque de rupture', 'risques de rupture')}, sur {fr.number(len(found))} DCI."
    )


@block
def board(typed: str, here: Here, wanted: str, most: int) -> Markup:
    """Counts by DCI, in the order asked for."""
    ordered, current = lists.sorted_by(counts(typed), wanted, ORDERS, MOST_DECLARED)
    shown, cut = lists.cut(ordered, most)
    return render("declarations/counts", here=here, rows=shown, cut=cut, order=current, masked=declaration_rows.MASKED)
