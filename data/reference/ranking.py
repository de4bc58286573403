"""The ranking of anticipation: components, weights, indicators, read strictly from ``data/reference/anticipation.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import Field, ValidationError, model_validator

from data.reference.grid import Band, Strict
from data.settings import PROJECT

FILE = PROJECT / "data" / "reference" / "anticipation.toml"
COMPONENTS = ("recurrence", "vulnerabilite", "impact")
INDICATORS = (
    *("declarations_24", "declarations_36", "laboratories", "largest_share"),
    *("monthly_boxes", "patients", "alternatives", "route"),
)


class BrokenRanking(ValueError):
    """A file that cannot be used: which field, why."""


class Component(Strict):
    """A part of the score; its weight is relative to those of the others."""

    component: str
    title: str
    weight: float = Field(ge=0)


class Indicator(Strict):
    """A value read from the data, turned into points by the highest band it reaches."""

    indicator: str
    component: str
    title: str
    unit: str
    reads: str
    unknown_points: int = Field(ge=0)
    bands: tuple[Band, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _whole(self) -> Indicator:
        bounds = [band.at_least for band in self.bands]
        if bounds[0] != 0 or bounds != sorted(set(bounds)):
            raise ValueError(f"indicateur {self.indicator} : les bandes partent de 0 et montent")
        if not 0 < self.most_points >= self.unknown_points:
            raise ValueError(f"indicateur {self.indicator} : les points d'une valeur inconnue dépassent le maximum")
        return self

    @property
    def most_points(self) -> int:
        return max(band.points for band in self.bands)


class Ranking(Strict):
    """The whole file, with the version that a score is traced to."""

    version: str
    origin: str
    to_validate: bool
    components: tuple[Component, ...]
    indicators: tuple[Indicator, ...]

    @model_validator(mode="after")
    def _complete(self) -> Ranking:
        if tuple(item.component for item in self.components) != COMPONENTS:
            raise ValueError(f"trois composantes sont attendues, dans l'ordre : {', '.join(COMPONENTS)}")
        if not sum(item.weight for item in self.components):
            raise ValueError("un poids au moins est positif")
        if sorted(item.indicator for item in self.indicators) != sorted(INDICATORS):
            raise ValueError(f"les indicateurs attendus sont : {', '.join(INDICATORS)}")
        if {item.component for item in self.indicators} != set(COMPONENTS):
            raise ValueError("chaque composante a au moins un indicateur, chaque indicateur une composante connue")
        return self


@cache
def ranking(path: Path = FILE) -> Ranking:
    """The ranking in force. Raises ``BrokenRanking`` with the field and what to do."""
    try:
        return Ranking.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        where = ".".join(map(str, first["loc"])) if first else "fichier"
        why = first["msg"] if first else str(error)
        raise BrokenRanking(f"Classement {path.name}, {where} : {why}") from error


def component_table(ranking: Ranking) -> pa.Table:
    """One row a component, in order, with the origin of the file and its mark."""
    about = {"version": ranking.version, "origin": ranking.origin, "to_validate": ranking.to_validate}
    return pa.Table.from_pylist(
        [{**item.model_dump(), "order_no": number, **about} for number, item in enumerate(ranking.components)]
    )


def indicator_table(ranking: Ranking) -> pa.Table:
    """One row an indicator, in order."""
    return pa.Table.from_pylist(
        [
            {**item.model_dump(exclude={"bands"}), "order_no": number, "most_points": item.most_points}
            for number, item in enumerate(ranking.indicators)
        ]
    )


def band_table(ranking: Ranking) -> pa.Table:
    """One row a band: ``at_least`` included, ``below`` excluded (infinite for the last)."""
    rows: list[dict[str, Any]] = []
    for item in ranking.indicators:
        upper = [band.at_least for band in item.bands[1:]] + [float("inf")]
        rows.extend(
            {"indicator": item.indicator, "below": below, **band.model_dump()}
            for band, below in zip(item.bands, upper, strict=True)
        )
    return pa.Table.from_pylist(rows)
