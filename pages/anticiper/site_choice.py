"""Which sites the reader asks for, and the rows that match: computed once per choice, for every session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from connectors.language.folding import fold_words
from metrics.sites import queries as sites
from metrics.sources import queries as sources
from pages.anticiper import site_words as words
from pages.components import filters
from pages.components import format as fr
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import session

Row = dict[str, Any]
COUNTS = ("specialities", "dcis", "mitm_specialities", "only_specialities")


@dataclass(frozen=True)
class Choice:
    """Step, place, only sites without another, words."""

    step: str = ""
    place: str = ""
    only: str = ""
    typed: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.step or self.place or self.only or self.typed)

    def words(self) -> dict[str, str]:
        """What was chosen, for the notice of a file."""
        return filters.notice(
            ("Étape", fr.capital(self.step)),
            ("Lieu", words.PLACES.get(self.place, "")),
            ("Montrer", "Sites dont une spécialité n'a pas d'autre site" if self.only else ""),
            ("Recherche", self.typed),
        )


@kept
def everything() -> list[Row]:
    """Sites, the one on which most depends first."""
    rows = figures.records(session.load(sites.sites))
    return [
        row
        | {
            "folded": fold_words(row["search_text"]),
            "folded_name": fold_words(row["site_name"]),
            "folded_country": fold_words(words.where(row)),
            "place_label": words.PLACES[str(row["place"])],
        }
        for row in rows
    ]


@kept
def of_step() -> Mapping[tuple[str, str], Row]:
    """Counts of a site at one step."""
    return {(str(row["site_key"]), str(row["step"])): row for row in figures.records(session.load(sites.steps))}


@kept
def rows(choice: Choice) -> Sequence[Row]:
    """Sites that pass, with the counts of the step asked for, the heaviest first."""
    counted = [row for row in (_counted(row, choice.step) for row in everything()) if row and _passes(row, choice)]
    return sorted(counted, key=lambda row: (-row["dcis"], -row["specialities"], row["folded_name"], row["site_key"]))


def _counted(row: Row, step: str) -> Row | None:
    if not step:
        return row
    mine = of_step().get((str(row["site_key"]), step))
    return row | {name: mine[name] for name in COUNTS} if mine else None


def _passes(row: Row, choice: Choice) -> bool:
    return (
        choice.place in ("", row["place"])
        and (not choice.only or row["only_specialities"] > 0)
        and (not choice.typed or filters.matching(choice.typed, row["folded"]))
    )


def places(choice: Choice) -> list[tuple[str, str, int]]:
    """How many sites each place keeps, the other filters held."""
    base = rows(replace(choice, place=""))
    counts = [(key, label, sum(row["place"] == key for row in base)) for key, label in words.PLACES.items()]
    return [("", "Tous", len(base)), *counts]


def table(choice: Choice) -> pd.DataFrame:
    """The same as ``rows``, for the files."""
    return pd.DataFrame(list(rows(choice)), columns=None if rows(choice) else list(words.TWIN))


@kept
def is_declared() -> bool:
    """Declarations were received: without them, none open is not known to be none."""
    return "trustmed" in {row["source_key"] for row in session.load(sources.received)}


@kept
def one(site_key: str) -> Row | None:
    """None when no statement in force names the site."""
    return next((row for row in everything() if row["site_key"] == site_key), None)


@kept
def depending(site_key: str) -> Sequence[Row]:
    """Specialities of a site."""
    return figures.records(session.load(sites.depending, site_key))
