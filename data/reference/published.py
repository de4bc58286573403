"""Declarations of each year as ANSM's reports publish them (``published_totals.csv``), open declarations included."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from data.strict import Strict, read_csv, reference_file


class Total(Strict):
    """One year."""

    year: Annotated[int, Field(ge=1990, le=2100)]
    declarations: Annotated[int, Field(ge=0, le=1_000_000)]


def published_totals() -> dict[int, int]:
    """Declarations by year."""
    found = read_csv(reference_file("published_totals.csv"), Total, "Totaux publiés", unique=("year",))
    return {item.year: item.declarations for item in found}
