"""Which management plans the reader asks for, and the rows that match: computed once per choice, for every session."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from connectors.language.folding import fold_words
from metrics.management_plans import queries as management_plans
from pages.anticiper import pgp_words as words
from pages.components import filters
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import session

Row = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """State of the plan, or what it lacks; words."""

    group: str = ""
    crossing: str = ""
    typed: str = ""

    def words(self) -> dict[str, str]:
        """What was chosen, for the notice of a file."""
        return filters.notice(
            ("Plan", words.GROUPS.get(self.group, "")),
            ("Croisement", words.CROSSINGS[self.crossing][1] if self.crossing else ""),
            ("Recherche", self.typed),
        )


@kept
def everything() -> tuple[pd.DataFrame, list[Row]]:
    """Specialities that owe a plan, those without first: as a table for the files, as rows for the screen."""
    found: pd.DataFrame = session.load(management_plans.plans)
    table = found[found["is_due"].astype(bool)].reset_index(drop=True)
    table = table.assign(state_label=table["plan_state"].map(words.GROUPS))
    rows = figures.records(table)
    for place, row in enumerate(rows):
        row |= {"place": place, "folded": fold_words(row["search_text"]), "folded_name": fold_words(str(row["denomination"])),
                "folded_laboratory": fold_words(str(row["laboratory"]))}  # fmt: skip
    return table, rows


@kept
def others() -> int:
    """Plans received for specialities that owe none."""
    found: pd.DataFrame = session.load(management_plans.plans)
    return int((~found["is_due"].astype(bool)).sum())


@kept
def places(choice: Choice) -> Sequence[int]:
    """Places of the lines that pass."""
    _, known = everything()
    return array("I", (row["place"] for row in known if _passes(row, choice)))


def rows(choice: Choice) -> list[Row]:
    """Lines that pass."""
    _, known = everything()
    return [known[place] for place in places(choice)]


def base(choice: Choice) -> list[Row]:
    """Those of the same words, whatever their plan."""
    return rows(replace(choice, group="", crossing=""))


def table(choice: Choice) -> pd.DataFrame:
    """The same as ``rows``, for the files."""
    known, _ = everything()
    return known.iloc[list(places(choice))]


def is_in(row: Row, group: str, crossing: str = "") -> bool:
    """What a plan lacks is asked whatever its state."""
    if crossing:
        return row[words.CROSSINGS[crossing][0]] is True
    return group in ("", row["plan_state"])


def _passes(row: Row, choice: Choice) -> bool:
    return is_in(row, choice.group, choice.crossing) and (
        not choice.typed or filters.matching(choice.typed, row["folded"])
    )
