"""Which safety stocks the reader asks for, and the rows that match: computed once per choice, for every session."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from connectors.language.folding import fold_words
from metrics.safety_stock import queries as safety
from pages.anticiper import safety_words as words
from pages.components import filters
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import session

EVERY = "toutes"
Row = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """State of the stock, or what crosses it with declarations; then duty, company, words."""

    group: str = "dessous"
    crossing: str = ""
    duty: str = ""
    laboratory: str = ""
    typed: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.duty or self.laboratory or self.typed)

    def words(self) -> dict[str, str]:
        """What was chosen, for the notice of a file."""
        return filters.notice(
            ("Montrer", "Toutes" if self.group == EVERY or self.crossing else words.GROUPS[self.group]),
            ("Croisement", words.CROSSINGS[self.crossing][1] if self.crossing else ""),
            ("Obligation", words.DUTIES[self.duty] if self.duty else ""),
            ("Laboratoire", self.laboratory),
            ("Recherche", self.typed),
        )


@kept
def everything() -> tuple[pd.DataFrame, list[Row]]:
    """Lines, the furthest below their duty first: as a table for the files, as rows for the screen."""
    table = words.labelled(session.load(safety.lines))
    rows = figures.records(table)
    for place, row in enumerate(rows):
        row |= {"place": place, "folded": fold_words(row["search_text"]), "folded_name": fold_words(row["denomination"]),
                "folded_laboratory": fold_words(row["laboratory"])}  # fmt: skip
    return table, rows


@kept
def laboratories() -> dict[str, str]:
    """Companies with at least one line, for the select box."""
    _, known = everything()
    return {name: name for name in sorted({str(row["laboratory"]) for row in known}, key=fold_words)}


@kept
def places(choice: Choice) -> Sequence[int]:
    """Places of the lines that pass."""
    _, known = everything()
    return array("I", (row["place"] for row in known if _passes(row, choice)))


def rows(choice: Choice) -> list[Row]:
    _, known = everything()
    return [known[place] for place in places(choice)]


def base(choice: Choice) -> list[Row]:
    """Those of the same duty, company and words, whatever their stock."""
    return rows(replace(choice, group=EVERY, crossing=""))


def table(choice: Choice) -> pd.DataFrame:
    """The same as ``rows``, for the files."""
    known, _ = everything()
    return known.iloc[list(places(choice))]


def boxes(choice: Choice) -> pd.DataFrame:
    """Presentations behind the lines, with their units per box."""
    every = words.labelled(session.load(safety.boxes))
    return every.merge(table(choice)[["cis", "laboratory"]], on=["cis", "laboratory"])


@kept
def boxes_by_line() -> dict[tuple[str, str], list[Row]]:
    """The same as rows, by speciality and company."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in figures.records(words.labelled(session.load(safety.boxes))):
        found.setdefault((str(row["cis"]), str(row["laboratory"])), []).append(row)
    return found


def is_in(row: Row, group: str, crossing: str = "") -> bool:
    """A crossing already says on which side of the duty its lines are."""
    if crossing:
        return bool(row[words.CROSSINGS[crossing][0]])
    return group in (EVERY, row["group"])


def _passes(row: Row, choice: Choice) -> bool:
    return (
        is_in(row, choice.group, choice.crossing)
        and choice.duty in ("", row["duty_origin"])
        and choice.laboratory in ("", row["laboratory"])
        and (not choice.typed or filters.matching(choice.typed, row["folded"]))
    )
