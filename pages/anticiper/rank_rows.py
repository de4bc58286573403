"""The ranking on screen: the list, then the lines behind one score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from connectors.language.folding import fold_words
from metrics.anticipation import queries as anticipation
from metrics.referential import queries as referential
from pages.anticiper import rank_words as words
from pages.components import filters, lists, states
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render

QUESTION = "Quelles DCI regarder avant qu'elles ne manquent ?"
WHY = "Pourquoi cette DCI a-t-elle ce rang ?"
FIRST = "rang"
ORDERS = {FIRST: "place", "dci": "folded_dci", "score": "score", "recurrence": "recurrence_score",
          "vulnerabilite": "vulnerability_score", "impact": "impact_score"}  # fmt: skip

Row = dict[str, Any]


def order(wanted: str) -> str:
    """The order of the address, when the list knows it."""
    return wanted if wanted.removeprefix("-") in ORDERS else FIRST


@kept
def everything(name: str) -> list[Row]:
    """DCI of a list in their order, with their names folded."""
    rows = figures.records(session.load(anticipation.ranking, name))
    return [row | {"folded_dci": fold_words(str(row["dci"])), "folded": fold_words(row["search_text"])} for row in rows]


@kept
def found(name: str, typed: str) -> list[Row]:
    """Those whose name holds the words typed."""
    known = everything(name)
    return [row for row in known if filters.matching(typed, row["folded"])] if typed else known


def table(name: str, typed: str) -> pd.DataFrame:
    """The same, for the files."""
    known: pd.DataFrame = session.load(anticipation.ranking, name)
    wanted = {row["dci_key"] for row in found(name, typed)}
    return known[known["dci_key"].isin(wanted)] if typed else known


@block
def answer(name: str, typed: str) -> Markup:
    """Question and answer, which states what the search keeps."""
    known, bounds = everything(name), session.load(anticipation.share_bounds)
    lead, rest = words.sentence(known, name, bounds)
    if typed:
        lead, rest = words.search_sentence(found(name, typed), name, len(known)), ""
    return render("anticiper/ranking_head", question=QUESTION, lead=lead, rest=rest,
                  as_of=session.load(referential.snapshot)["as_of"], state=states.of("anticipation_rank"))  # fmt: skip


@block
def board(name: str, typed: str, here: Here, wanted: str, most: int) -> Markup:
    """The lists with their counts, then the first DCI in the order asked for."""
    bounds = session.load(anticipation.share_bounds)
    ordered, current = _sorted(found(name, typed), wanted)
    shown, cut = lists.cut(ordered, most, lists.HEAVY)
    known = session.load(anticipation.lists)
    return render(
        "anticiper/ranking",
        here=here,
        name=name,
        choices=[(key, label, known[key]) for key, label in words.LISTS.items() if key in known],
        order=current,
        rows=[displayed(row, bounds) for row in shown],
        cut=cut,
        notes=notes(name),
    )


def _sorted(rows: Sequence[Row], wanted: str) -> tuple[list[Row], str]:
    """By one component, then by score and name: a component has many equal values."""
    best_first = sorted(rows, key=lambda row: (-row["score"], row["folded_dci"]))
    return lists.sorted_by(best_first, wanted, ORDERS, FIRST)


def notes(name: str) -> str:
    """Weights, months known, what the ranking does not know: beside the list and in its files."""
    known = words.known_months(everything(name))
    return f"{words.weights(session.load(anticipation.components))} {known}{words.NOT_KNOWN}"


def displayed(row: Mapping[str, Any], bounds: Sequence[float] = ()) -> Row:
    """A row with each component in words."""
    parts = [
        ("Récurrence", row["recurrence_score"], words.recurrence(row)),
        ("Vulnérabilité", row["vulnerability_score"], words.vulnerability(row, bounds)),
        ("Impact", row["impact_score"], words.impact(row)),
    ]
    return {**row, "components": [(label, score, " · ".join(read)) for label, score, read in parts]}


@block
def one(name: str, dci_key: str) -> Markup:
    """Why one DCI has its place: way back, answer, its lines."""
    row = next(row for row in everything(name) if row["dci_key"] == dci_key)
    values = figures.records(session.load(anticipation.values, name, dci_key))
    bounds = session.load(anticipation.share_bounds)
    return render(
        "anticiper/rank",
        question=WHY,
        lead=words.place(row, name),
        rest=words.reasons(row, bounds),
        as_of=session.load(referential.snapshot)["as_of"],
        state=states.of("anticipation_rank"),
        name=name,
        label=words.LISTS.get(name, name),
        row=row,
        bounds=bounds,
        values=[{**value, "digits": _digits(value)} for value in values],
        notes=notes(name),
    )


def _digits(value: Mapping[str, Any]) -> int:
    if not value["is_known"]:
        return 0
    return 0 if float(value["value"]).is_integer() or float(value["value"]) >= 1000 else 1
