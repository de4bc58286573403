"""The risk grid of declarations: criteria, points, levels, read strictly from ``data/reference/risk_grid.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
from pydantic import Field, model_validator

from data.strict import Strict, Text, read_toml, reference_file
from data.strict.bounds import Points, Quantity, between
from data.strict.sentences import refused


class Band(Strict):
    """Points of every value from ``at_least`` up to the next band."""

    at_least: Quantity
    points: Points
    label: Text


def check_bands(unit: str, bounds: list[float]) -> None:
    """Raises ValueError unless bands start at 0, rise, and stay possible in their unit."""
    if bounds[0] != 0 or bounds != sorted(set(bounds)):
        raise ValueError("les bandes partent de 0 et montent")
    if unit.startswith("%") and bounds[-1] > 100:
        raise ValueError(f"clé « at_least » : {refused(bounds[-1], 'un pourcentage de 0 à 100')}")


class Criterion(Strict):
    """One of the thirteen; ``typed``: its points come from the evaluator, not from the declarations."""

    code: str = Field(pattern=r"^[A-M]$")
    title: Text
    unit: str
    reads: Text
    typed: bool = False
    unknown_points: Points
    bands: Annotated[tuple[Band, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _whole(self) -> Criterion:
        check_bands(self.unit, [band.at_least for band in self.bands])
        if self.unknown_points > self.most_points:
            raise ValueError("les points d'une valeur inconnue dépassent le maximum")
        return self

    @property
    def most_points(self) -> int:
        return max(band.points for band in self.bands)


class Level(Strict):
    """A level of risk, from ``at_least`` points; a declaration silent for ``dormant_after_days`` is dormant."""

    level: str
    label: Text
    at_least: Points
    dormant_after_days: Annotated[int, between(1, 3_660)]


class Grid(Strict):
    """The whole grid, with the version that a score is traced to."""

    version: Text
    origin: Text
    to_validate: bool
    levels: tuple[Level, ...]
    criteria: tuple[Criterion, ...]

    @model_validator(mode="after")
    def _complete(self) -> Grid:
        if "".join(criterion.code for criterion in self.criteria) != "ABCDEFGHIJKLM":
            raise ValueError("les treize critères A à M, dans l'ordre, sont attendus")
        bounds = [level.at_least for level in self.levels]
        if [level.level for level in self.levels] != ["faible", "moyen", "important", "haut"] or bounds[0] != 0:
            raise ValueError("quatre niveaux sont attendus : faible (à partir de 0), moyen, important, haut")
        if bounds != sorted(set(bounds)) or bounds[-1] > self.most_points:
            raise ValueError("les niveaux montent, et le plus haut peut être atteint")
        return self

    @property
    def most_points(self) -> int:
        return sum(criterion.most_points for criterion in self.criteria)


def grid(path: Path | None = None) -> Grid:
    """The grid in force."""
    return read_toml(path or reference_file("risk_grid.toml"), Grid, "Grille de risque")


def criterion_table(grid: Grid) -> pa.Table:
    """One row per criterion, in order."""
    return pa.Table.from_pylist(
        [
            {
                "criterion": item.code,
                "order_no": number,
                "title": item.title,
                "unit": item.unit,
                "reads": item.reads,
                "is_typed": item.typed,
                "unknown_points": item.unknown_points,
                "most_points": item.most_points,
                "grid_version": grid.version,
            }
            for number, item in enumerate(grid.criteria)
        ]
    )


def band_table(grid: Grid) -> pa.Table:
    """One row per band: ``at_least`` included, ``below`` excluded (infinite for the last)."""
    rows: list[dict[str, Any]] = []
    for item in grid.criteria:
        upper = [band.at_least for band in item.bands[1:]] + [float("inf")]
        rows.extend(
            {
                "criterion": item.code,
                "at_least": band.at_least,
                "below": below,
                "points": band.points,
                "label": band.label,
            }
            for band, below in zip(item.bands, upper, strict=True)
        )
    return pa.Table.from_pylist(rows)


def level_table(grid: Grid) -> pa.Table:
    """One row per level: points from ``at_least`` included to ``below`` excluded."""
    upper: list[float] = [float(level.at_least) for level in grid.levels[1:]] + [float("inf")]
    return pa.Table.from_pylist(
        [
            {"level_no": number, "below": below, **level.model_dump()}
            for number, (level, below) in enumerate(zip(grid.levels, upper, strict=True))
        ]
    )
