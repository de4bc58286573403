"""What every layer of the map gives: its colours, its legend, its rows gravest first, and how a row is worded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from metrics.territory import queries as territory
from pages.components import format as fr
from pages.components import tokens
from pages.components.charts.legend import Legend
from pages.components.shell import session

PLACE = {"department": "Code", "name": "Département", "region_name": "Région"}


@dataclass(frozen=True)
class Mark:
    """What a row of the ranking shows: a sign (a status, or Météo-France's colour) or a figure, and words beneath."""

    note: str = ""
    figure: str = ""
    status: str | None = None
    figure_state: str | None = None
    days: float | None = None
    vigilance: tuple[str, str, str] | None = None

    @property
    def words(self) -> str:
        """In a list without signs."""
        if self.figure or self.figure_state is None:
            return self.figure
        look = tokens.look(self.status, self.figure_state)
        return (
            look.word.lower()
            if look is tokens.NO_DATA or fr.missing(self.days)
            else f"{look.word.lower()}, {fr.days(self.days)}"
        )


@dataclass(frozen=True)
class View:
    """One layer: ``table`` has 101 rows, gravest first, under the headings ``columns``; ``mark`` words one row.

    regions: the same of the regions, where they can be ranked. counted: what the figures of the ranking are, with their
    date. nothing: why no department is ranked, and what to do.
    """

    title: str
    note: str
    layer: pd.DataFrame
    legend: Legend
    table: pd.DataFrame
    columns: Mapping[str, str]
    mark: Callable[[Mapping[str, Any]], Mark]
    known: str
    methods: tuple[str, ...]
    sources: tuple[str, ...]
    regions: tuple[tuple[Mapping[str, Any], Mark], ...] = ()
    counted: str = ""
    nothing: tuple[str, str] = ("Aucun département mesuré.", "")

    @property
    def is_empty(self) -> bool:
        """Nothing is known of any department: ``nothing`` says why, and what to do."""
        return bool(self.table[self.known].isna().all())


def everywhere(table: pd.DataFrame) -> pd.DataFrame:
    """The 101 departments with their names; unknown where the table says nothing."""
    own = table.drop(columns=[c for c in ("name", "region", "region_name") if c in table])
    return session.load(territory.places).merge(own, on="department", how="left")


def when(table: pd.DataFrame) -> str:
    weeks = table["week"].dropna() if "week" in table else pd.Series(dtype=object)
    if weeks.empty:
        return "aucune mesure reçue"
    return f"{fr.week(weeks.max(), year=True)}, au {fr.day(weeks.max() + pd.Timedelta(days=6))}"


def in_order(table: pd.DataFrame, *keys: str, descending: bool = False) -> pd.DataFrame:
    return table.sort_values([*keys, "department"], ascending=[not descending] * len(keys) + [True], na_position="last")


def ranked(shown: View, region: str | None) -> pd.DataFrame:
    """Rows of the ranking: all departments of the region, else those with a figure in France, gravest first."""
    table = shown.table
    return table[table["region"] == region] if region else table[table[shown.known].notna()]
