"""Which stops the reader asks for, and the rows that match: computed once per choice, for every session."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from connectors.language.folding import fold_words
from metrics.stops import queries as stops
from pages.anticiper import stop_words as words
from pages.components import filters
from pages.components import format as fr
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import session

Row = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """When, which view, words."""

    when: str = "a-venir"
    view: str = "tous"
    typed: str = ""

    @property
    def is_filtered(self) -> bool:
        return self.view != "tous" or bool(self.typed)

    def words(self) -> dict[str, str]:
        """What was chosen, for the notice of a file."""
        return filters.notice(
            ("Arrêts", words.WHEN[self.when]), ("Montrer", words.VIEWS[self.view]), ("Recherche", self.typed)
        )


@kept
def everything() -> tuple[pd.DataFrame, list[Row]]:
    """The register, the next to come first: as a table for the files, as rows for the screen."""
    table = session.load(stops.register)
    rows = figures.records(table)
    for place, row in enumerate(rows):
        row |= {"place": place, "folded_name": fold_words(words.name(row)), "folded": fold_words(row["search_text"]),
                "share": _greatest(row)}  # fmt: skip
    return table, rows


def _greatest(row: Row) -> float | None:
    """The largest share known of what stops, written or calculated."""
    known = [row[name] for name in ("share_town_pct", "share_hospital_pct", "sales_share_pct")]
    return max((float(value) for value in known if not fr.missing(value)), default=None)


@kept
def places(choice: Choice) -> Sequence[int]:
    """Places of the stops that pass."""
    _, known = everything()
    return array("I", (row["place"] for row in known if _passes(row, choice)))


def rows(choice: Choice) -> list[Row]:
    _, known = everything()
    return [known[place] for place in places(choice)]


def table(choice: Choice) -> pd.DataFrame:
    """The same, for the files."""
    known, _ = everything()
    return known.iloc[list(places(choice))]


def count(choice: Choice, **changes: str) -> int:
    """How many there would be with a part of the choice changed."""
    _, known = everything()
    changed = replace(choice, **changes)
    return sum(_passes(row, changed) for row in known)


def _passes(row: Row, choice: Choice) -> bool:
    return words.is_viewed(row, choice.when, choice.view) and (
        not choice.typed or filters.matching(choice.typed, row["folded"])
    )
