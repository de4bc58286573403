"""The queue of open declarations: rows that pass the filters, in the order asked for."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from connectors.language.folding import fold_words
from metrics.evaluation import queries as evaluation
from pages.components import format as fr
from pages.components import lists, risk, tokens
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.lists import Cut
from pages.components.risk import Awaited
from pages.components.shell import session
from pages.components.templating import render
from pages.evaluation import words

ORDERS = {"numero": "declaration_no", "score": "points", "dci": "folded_name", "variation": "change",
          "redemander": "ask_again_on"}  # fmt: skip
_FIRST = {"dormants": "redemander", "bougees": "-variation"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """Snapshot compared with (empty: none), tab, level (empty: all), words typed, order."""

    reference: str = ""
    view: str = "toutes"
    level: str = ""
    typed: str = ""
    wanted: str = ""

    @property
    def order(self) -> str:
        """That of the address when the list knows it; else what the tab is about."""
        return self.wanted if self.wanted.removeprefix("-") in ORDERS else _FIRST.get(self.view, "-score")


@kept
def everything(reference: str) -> tuple[pd.DataFrame, list[Row]]:
    """Open declarations, highest score first, with what moved since the reference: as a table, and as rows."""
    queue = session.load(evaluation.queue)
    moved = session.load(evaluation.changes, reference=reference or None)
    table = queue.merge(moved[["declaration_no", "change", "level_before", "reasons"]], how="left", on="declaration_no")
    rows = [
        {name: None if fr.missing(value) else value for name, value in row.items()} for row in figures.records(table)
    ]
    for row in rows:
        row["name"] = fr.capital(row["dci"] or row["denomination"])
        row["folded_name"] = fold_words(str(row["name"]))
        searched = (row["declaration_no"], row["dci"], row["denomination"], row["laboratory"])
        row["folded"] = fold_words(" ".join(str(part) for part in searched if part))
    return table, rows


@kept
def places(choice: Choice) -> Sequence[int]:
    """Places in the whole queue of the declarations that pass the filters, in its order."""
    return array("I", _passing(choice))


def _passing(choice: Choice) -> Iterator[int]:
    typed = fold_words(choice.typed).split()
    return (
        place
        for place, row in enumerate(everything(choice.reference)[1])
        if choice.level in ("", row["level"])
        and words.is_in(choice.view, row)
        and all(word in row["folded"] for word in typed)
    )


@kept
def first(choice: Choice, most: int) -> tuple[list[Row], Cut]:
    """The first of these rows in the order asked for, and what is left."""
    rows = everything(choice.reference)[1]
    ordered, _ = lists.sorted_by([rows[place] for place in places(choice)], choice.order, ORDERS, "-score")
    shown, cut = lists.cut(ordered, most, lists.HEAVY)
    return list(shown), cut


def table(choice: Choice) -> pd.DataFrame:
    """The same as a table, for the files."""
    known = everything(choice.reference)[0]
    return known if len(places(choice)) == len(known) else known.iloc[list(places(choice))]


@kept
def contradictions(choice: Choice) -> pd.DataFrame:
    """Versions of these declarations that contradict the one before, the latest first."""
    rows, (found, _) = everything(choice.reference)[1], inconsistent()
    mine = {rows[place]["declaration_no"] for place in places(choice)}
    return found[found["declaration_no"].isin(mine)]


@kept
def inconsistent() -> tuple[pd.DataFrame, dict[str, list[Row]]]:
    """The same of every open declaration, as a table, and as rows by declaration."""
    found = risk.before_and_after(session.load(evaluation.inconsistencies))
    inconsistencies: dict[str, list[Row]] = {}
    for line in figures.records(found):
        inconsistencies.setdefault(str(line["declaration_no"]), []).append(line)
    return found, inconsistencies


@block
def answer(question: str, choice: Choice, since: str, as_of: Any) -> Markup:
    """Question and answer, which states what the filters keep."""
    rows = everything(choice.reference)[1]
    lead, rest = words.sentence([rows[place] for place in places(choice)], len(rows), since)
    return render("evaluation/answer", question=question, lead=lead, rest=rest, as_of=as_of)


@block
def board(
    choice: Choice,
    here: Here,
    compared: tuple[tuple[str, str], ...],
    most: int,
    awaited: tuple[tuple[str, Awaited], ...],
    as_of: Any,
) -> Markup:
    """Tabs and levels with their counts, then the first rows. awaited: scores that the next refresh will change."""
    shown, cut = first(choice, most)
    to_come = dict(awaited)
    return render(
        "evaluation/queue",
        here=here,
        choice=choice,
        compared=compared,
        compared_with=dict(here.parameters).get("depuis") or (compared[0][0] if compared else ""),
        views=[(key, label, _count(replace(choice, view=key))) for key, label in words.VIEWS.items()],
        levels=_levels(choice),
        rows=_shown(shown, to_come, as_of),
        cut=cut,
    )


def _levels(choice: Choice) -> list[tuple[str, str]]:
    """« Haut 12 », the highest first; their counts under the same other filters."""
    rows = everything(choice.reference)[1]
    counted = Counter(rows[place]["level"] for place in _passing(replace(choice, level="")))
    known = [str(row["level"]) for row in reversed(session.load(evaluation.levels))]
    named = [(level, f"{tokens.RISK[level].word} {fr.number(counted[level])}") for level in known]
    return [("", f"Tous niveaux {fr.number(counted.total())}"), *named]


def _count(choice: Choice) -> int:
    return sum(1 for _ in _passing(choice))


def _shown(rows: Sequence[Row], to_come: dict[str, Awaited], as_of: Any) -> list[Row]:
    _, inconsistencies = inconsistent()
    return [
        row
        | {
            "awaited": to_come.get(row["declaration_no"]),
            "again": words.again(row, as_of),
            "inconsistencies": inconsistencies.get(row["declaration_no"], []),
        }
        for row in rows
    ]
