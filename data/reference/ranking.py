"""The rankings: components, weights, indicators, read strictly from ``data/reference/anticipation*.toml``.

One for whoever receives partners' files, one for whoever has public files alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar

import pyarrow as pa
from pydantic import Field, model_validator

from data.reference.grid import Band, check_bands
from data.strict import Strict, Text, read_toml, reference_file
from data.strict.bounds import Points, between

COMPONENTS = ("recurrence", "vulnerabilite", "impact")
INDICATORS = (
    *("declarations_24", "declarations_36", "laboratories", "largest_share"),
    *("sites", "outside_union", "monthly_boxes", "patients", "alternatives", "route"),
)
OPEN_COMPONENTS = ("presence", *COMPONENTS)
OPEN_INDICATORS = (
    *("short_share", "rupture_share", "listed_days", "past_declarations", "past_years", "relapses", "laboratories"),
    *("substitutable_share", "monthly_boxes", "mitm", "alternatives"),
)
_NUMBERS = {3: "trois", 4: "quatre"}


class Component(Strict):
    """A part of the score; its weight is relative to those of the others."""

    component: str
    title: Text
    weight: Annotated[float, between(0, 1_000, whole=False)]


class Indicator(Strict):
    """A value read from the data, turned into points by the highest band it reaches."""

    indicator: str
    component: str
    title: Text
    unit: str
    reads: Text
    unknown_points: Points
    bands: Annotated[tuple[Band, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _whole(self) -> Indicator:
        check_bands(self.unit, [band.at_least for band in self.bands])
        if not 0 < self.most_points >= self.unknown_points:
            raise ValueError("les points d'une valeur inconnue dépassent le maximum")
        return self

    @property
    def most_points(self) -> int:
        return max(band.points for band in self.bands)


class Ranking(Strict):
    """The whole file, with the version that a score is traced to."""

    known_components: ClassVar[tuple[str, ...]] = COMPONENTS
    known_indicators: ClassVar[tuple[str, ...]] = INDICATORS

    version: Text
    origin: Text
    to_validate: bool
    components: tuple[Component, ...]
    indicators: tuple[Indicator, ...]

    @model_validator(mode="after")
    def _complete(self) -> Ranking:
        known = self.known_components
        if tuple(item.component for item in self.components) != known:
            number = _NUMBERS[len(known)]
            raise ValueError(f"{number} composantes sont attendues, dans l'ordre : {', '.join(known)}")
        if not sum(item.weight for item in self.components):
            raise ValueError("un poids au moins est positif")
        if sorted(item.indicator for item in self.indicators) != sorted(self.known_indicators):
            raise ValueError(f"les indicateurs attendus sont : {', '.join(self.known_indicators)}")
        if {item.component for item in self.indicators} != set(known):
            raise ValueError("chaque composante a au moins un indicateur, chaque indicateur une composante connue")
        return self


def ranking(path: Path | None = None) -> Ranking:
    """The ranking in force."""
    return read_toml(path or reference_file("anticipation.toml"), Ranking, "Classement d'anticipation")


class OpenRanking(Ranking):
    """The same, from public data alone."""

    known_components: ClassVar[tuple[str, ...]] = OPEN_COMPONENTS
    known_indicators: ClassVar[tuple[str, ...]] = OPEN_INDICATORS


def open_ranking(path: Path | None = None) -> OpenRanking:
    """The ranking of public data in force."""
    return read_toml(path or reference_file("anticipation_open.toml"), OpenRanking, "Classement des données ouvertes")


def component_table(ranking: Ranking) -> pa.Table:
    """One row per component, in order, with the origin of the file and its mark."""
    about = {"version": ranking.version, "origin": ranking.origin, "to_validate": ranking.to_validate}
    return pa.Table.from_pylist(
        [{**item.model_dump(), "order_no": number, **about} for number, item in enumerate(ranking.components)]
    )


def indicator_table(ranking: Ranking) -> pa.Table:
    """One row per indicator, in order."""
    return pa.Table.from_pylist(
        [
            {**item.model_dump(exclude={"bands"}), "order_no": number, "most_points": item.most_points}
            for number, item in enumerate(ranking.indicators)
        ]
    )


def band_table(ranking: Ranking) -> pa.Table:
    """One row per band: ``at_least`` included, ``below`` excluded (infinite for the last)."""
    rows: list[dict[str, Any]] = []
    for item in ranking.indicators:
        upper = [band.at_least for band in item.bands[1:]] + [float("inf")]
        rows.extend(
            {"indicator": item.indicator, "below": below, **band.model_dump()}
            for band, below in zip(item.bands, upper, strict=True)
        )
    return pa.Table.from_pylist(rows)
