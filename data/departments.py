"""Departments and regions of France, as ``data/reference/departements.csv`` gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from data.strict import BrokenReference, Strict, Text, read_csv, reference_file


class Department(Strict):
    """A department and its region; ``population`` is None for Mayotte."""

    department: Annotated[str, Field(alias="code", pattern=r"^(\d\d|2[AB]|97\d)$")]
    name: Annotated[Text, Field(alias="nom")]
    region: Annotated[str, Field(alias="region_code", pattern=r"^\d\d$")]
    region_name: Annotated[Text, Field(alias="region")]
    population: Annotated[int | None, Field(ge=1, le=100_000_000)] = None


def departments() -> tuple[Department, ...]:
    """The 101 departments, in the order of the file."""
    return read_csv(reference_file("departements.csv"), Department, "Départements", unique=("code",))


def regions() -> dict[str, str]:
    """Code of region → name."""
    return {item.region: item.region_name for item in departments()}


def region_names() -> dict[str, str]:
    """The same for labels: none while the file is broken, since a refresh already reports it and screens must go on."""
    try:
        return regions()
    except BrokenReference:
        return {}
