"""Declarations of each year as ANSM's reports publish them (``published_totals.csv``), open declarations included."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from data.strict import Count, Strict, read_csv, reference_file


class Total(Strict):
    """One year."""

    year: Annotated[int, Field(ge=1900, le=2200)]
    declarations: Count


def published_totals() -> dict[int, int]:
    """Declarations by year."""
    found = read_csv(reference_file("published_totals.csv"), Total, "Totaux publiés", unique=("year",))
    return {item.year: item.declarations for item in found}
