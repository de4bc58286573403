"""Named thresholds of the queries (``thresholds.toml``) and rules of plausibility (``plausibility.toml``)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainValidator, create_model, model_validator

from data.reference.bounds import PLAUSIBILITY, THRESHOLDS, check_order
from data.strict import Number, Strict, Text, read_toml, reference_file
from data.strict.bounds import Bounds


class Threshold(Strict):
    """A value with its unit, where it comes from, and whether it is *à valider*."""

    value: Number
    unit: str
    label: Text
    origin: Text
    to_validate: bool


class _Table(Strict):
    """Thresholds of a file, each within its bounds and in order beside the others."""

    @model_validator(mode="after")
    def _ordered(self) -> _Table:
        check_order({name: threshold.value for name, threshold in self})
        return self


def _table(name: str, allowed: dict[str, Bounds]) -> type[_Table]:
    fields: dict[str, Any] = {
        threshold: (
            create_model(
                threshold, __base__=Threshold, value=(Annotated[int | float, PlainValidator(bounds.check)], ...)
            ),
            ...,
        )
        for threshold, bounds in allowed.items()
    }
    return create_model(name, __base__=_Table, **fields)


_THRESHOLDS, _PLAUSIBILITY = _table("Thresholds", THRESHOLDS), _table("Plausibility", PLAUSIBILITY)


def thresholds() -> dict[str, Threshold]:
    """Thresholds of the queries, by name."""
    return dict(read_toml(reference_file("thresholds.toml"), _THRESHOLDS, "Seuils"))


def plausibility() -> dict[str, Threshold]:
    """Rules that a received row must keep to enter a figure."""
    return dict(read_toml(reference_file("plausibility.toml"), _PLAUSIBILITY, "Règles de plausibilité"))
