"""The ranking of an open snapshot: which DCI to look at first, from public data alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectors.language.folding import fold_words
from metrics.anticipation import queries as anticipation
from metrics.public_list import queries as public_list
from metrics.referential import queries as referential
from pages.anticiper import open_words as words
from pages.anticiper import rank_words
from pages.components import blocks, filters, links, lists, open_data, states, tables
from pages.components import format as fr
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.open_limits import limits, list_age
from pages.components.shell import frame, session
from pages.components.templating import render

PAGE = "anticiper/classement"
QUESTION = "Quelles DCI regarder d'abord, avec les seules données ouvertes ?"
WHY = "Pourquoi cette DCI a-t-elle ce rang ?"
METHODS = (("Classement", "open_rank"), ("Valeurs lues", "open_rank_value"))
SOURCES = ("bdpm", "historique", "medicam", "openmedic")
FIRST = "rang"
ORDERS = {FIRST: "place", "dci": "folded_dci", "score": "score", "presence": "presence_score",
          "recurrence": "recurrence_score", "vulnerabilite": "vulnerability_score", "impact": "impact_score"}  # fmt: skip
_DETAILED = 1000  # from there, and for whole numbers, no decimal

Row = dict[str, Any]


def draw() -> None:
    """The DCI named in the address, or all of them in their order."""
    if not everything():
        nothing.show()
    elif any(row["dci_key"] == st.query_params.get("dci") for row in everything()):
        _one(str(st.query_params["dci"]))
    else:
        _list()
    if everything():
        limits.show((*words.UNSAID, words.origin(session.load(anticipation.open_components))))
    frame.sources_footer(SOURCES, METHODS)


def _list() -> None:
    listed = filters.chosen("liste", list(words.LISTS)) or ""
    head = st.container()
    with st.container(key="vs-asked"):
        typed = filters.search("Rechercher", placeholder="DCI", width=300)
    with head:
        blocks.show(answer(listed, typed), list_age())
    wanted = st.query_params.get("tri", "")
    board.show(listed, typed, links.here(PAGE), wanted if wanted.removeprefix("-") in ORDERS else FIRST, lists.asked())
    context = {"Liste publique": words.LISTS[listed], **({"Recherche": typed} if typed else {}), **_reserve()}
    tables.table_twin(partial(table, listed, typed), words.TWIN, "classement-ouvert", context, source="open_rank")
    bands = partial(session.load, anticipation.open_bands)
    tables.table_twin(bands, rank_words.BANDS, "classement-ouvert-bareme", context, label="Barème : bandes et points")


def _one(dci_key: str) -> None:
    frame.name_tab(next(open_data.substances(row["dci"]) for row in everything() if row["dci_key"] == dci_key))
    blocks.show(list_age(), one(dci_key))
    values = partial(session.load, anticipation.open_values, dci_key)
    tables.table_twin(
        values, rank_words.VALUES, f"classement-{dci_key}", {"DCI": dci_key, **_reserve()}, source="open_rank_value"
    )


def _reserve() -> dict[str, str]:
    as_of = session.load(referential.snapshot)["as_of"]
    components = session.load(anticipation.open_components)
    return {"Réserve": f"{words.weights(components)} {words.origin(components)}", "Données au": fr.day(as_of)}


def _seen_on() -> Any:
    """Day of the last photograph, which the score leans on most; that of the snapshot without one."""
    taken = session.load(public_list.photographs)
    return taken[-1]["photograph_on"] if taken else session.load(referential.snapshot)["as_of"]


@kept
def everything() -> list[Row]:
    """DCI in their order, with their names folded."""
    rows = figures.records(session.load(anticipation.open_ranking))
    return [row | {"folded_dci": fold_words(str(row["dci"])), "folded": fold_words(row["search_text"])} for row in rows]


@kept
def found(listed: str, typed: str) -> list[Row]:
    """Those on the list or not, whose name holds the words typed."""
    kept_rows = [row for row in everything() if not listed or bool(row["is_listed"]) == (listed == "oui")]
    return [row for row in kept_rows if filters.matching(typed, row["folded"])] if typed else kept_rows


def table(listed: str, typed: str) -> pd.DataFrame:
    """The same, for the files."""
    known: pd.DataFrame = session.load(anticipation.open_ranking)
    return known[known["dci_key"].isin({row["dci_key"] for row in found(listed, typed)})]


@block
def nothing() -> Markup:
    """No DCI can be ranked: the public referential was not received."""
    return render("anticiper/open_none", question=QUESTION)


@block
def answer(listed: str, typed: str) -> Markup:
    """Question and answer, which states what the search keeps."""
    lead, rest = words.sentence(found(listed, ""), listed)
    if typed:
        lead, rest = words.search_sentence(found(listed, typed), len(found(listed, ""))), ""
    return render("anticiper/ranking_head", question=QUESTION, lead=lead, rest=rest,
                  as_of=_seen_on(), state=states.of("open_rank"))  # fmt: skip


@block
def board(listed: str, typed: str, here: Here, wanted: str, most: int) -> Markup:
    """Choices with their counts, then the first DCI in the order asked for, weights beneath."""
    best_first = sorted(found(listed, typed), key=lambda row: (-row["score"], row["folded_dci"]))
    ordered, current = lists.sorted_by(best_first, wanted, ORDERS, FIRST)
    shown, cut = lists.cut(ordered, most)
    return render(
        "anticiper/open_ranking",
        here=here,
        listed=listed,
        choices=[(key, label, len(found(key, typed))) for key, label in words.LISTS.items()],
        order=current,
        rows=[{**row, "name": open_data.substances(row["dci"]), "components": _components(row)} for row in shown],
        cut=cut,
        weights=words.weights(session.load(anticipation.open_components)),
    )


def _components(row: Row) -> list[tuple[str, float, str]]:
    read: Sequence[tuple[str, str, list[str]]] = (
        ("Liste publique", "presence_score", words.presence(row)),
        ("Récurrence", "recurrence_score", words.recurrence(row)),
        ("Vulnérabilité", "vulnerability_score", words.vulnerability(row)),
        ("Impact", "impact_score", words.impact(row)),
    )
    return [(label, row[score], " · ".join(parts)) for label, score, parts in read]


@block
def one(dci_key: str) -> Markup:
    """Why one DCI has its place: way back, answer, its lines, weights."""
    row = next(row for row in everything() if row["dci_key"] == dci_key)
    values = figures.records(session.load(anticipation.open_values, dci_key))
    components = session.load(anticipation.open_components)
    return render(
        "anticiper/rank",
        question=WHY,
        lead=words.place(row),
        rest=words.reasons(row),
        as_of=_seen_on(),
        state=states.of("open_rank"),
        name="",
        label="Données ouvertes",
        row=row,
        bounds=words.SHARE_BOUNDS,
        values=[{**value, "unit": _unit(value), "digits": _digits(value)} for value in values],
        notes=f"{words.weights(components)} {words.origin(components)}",
    )


def _unit(value: Row) -> str:
    """A share is written with its sign, whatever it is a share of."""
    return "%" if str(value["unit"]).startswith("%") else str(value["unit"])


def _digits(value: Row) -> int:
    whole = not value["is_known"] or float(value["value"]).is_integer() or float(value["value"]) >= _DETAILED
    return 0 if whole else 1
