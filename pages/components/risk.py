"""Risk of a declaration in words: its level with its points, what an evaluator typed since, what a version changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from data.journal.entries import Evaluation
from metrics.evaluation import queries as evaluation
from pages.components import format as fr
from pages.components import templating
from pages.components.access import identity
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import session

Row = Mapping[str, Any]
Awaited = tuple[int, str]  # points and level at the next refresh


def level(row: Row, awaited: Awaited | None = None) -> Markup:
    """Level in words on its ground, with the points over the maximum; « 18 → 21 » while a refresh is awaited."""
    return templating.macro("components/risk", "level", row, awaited)


def awaiting(scores: Iterable[Row]) -> tuple[tuple[str, Awaited], ...]:
    """Scores that what was typed since the last refresh will change: number, then points and level to come.

    Live: asked of the journal at each run; none when it does not answer. An argument for the blocks that show it.
    """
    wanted = {str(row["declaration_no"]): row for row in scores}
    noted: list[Evaluation] = []
    identity.quietly(lambda: noted.extend(identity.journal().evaluations(list(wanted))))
    return tuple(sorted(awaited(wanted, noted, counted(), session.load(evaluation.levels)).items())) if noted else ()


def awaited(
    scores: Mapping[str, Row],
    noted: Sequence[Evaluation],
    counted: Mapping[tuple[str, str], tuple[int, bool]],
    levels: Sequence[Row],
) -> dict[str, Awaited]:
    """noted: last points of each criterion. counted: those of the snapshot, and whether they were typed then."""
    moved: dict[str, int] = {}
    for item in noted:
        before, is_known = counted.get((item.declaration_no, item.criterion), (0, False))
        if item.declaration_no in scores and not (is_known and before == item.points):
            moved[item.declaration_no] = moved.get(item.declaration_no, 0) + item.points - before
    return {number: _at(int(scores[number]["points"]) + change, levels) for number, change in moved.items()}


def _at(points: int, levels: Sequence[Row]) -> Awaited:
    reached = [str(row["level"]) for row in levels if points >= row["at_least"]]
    return points, reached[-1] if reached else str(levels[0]["level"])


@kept
def counted() -> dict[tuple[str, str], tuple[int, bool]]:
    """Points of the typed criteria in the snapshot, by declaration and criterion."""
    return {
        (str(row["declaration_no"]), str(row["criterion"])): (int(row["points"]), bool(row["is_known"]))
        for row in session.load(evaluation.typed)
    }


def before_and_after(table: pd.DataFrame) -> pd.DataFrame:
    """Values before and after as a person reads them."""
    rows = figures.records(table)
    return table.assign(
        before_text=[_value(row, "before") for row in rows], after_text=[_value(row, "after") for row in rows]
    )


def _value(row: Row, side: str) -> str:
    if not fr.missing(row[f"date_{side}"]):
        return fr.day(row[f"date_{side}"])
    return f"{fr.number(row[side], 1 if row['unit'] == '%' else 0)} {row['unit']}"
