"""Plans followed, one TOML file each in ``data/reference/plans``: groups, links, bands, season, outside pressure."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from data.settings import PROJECT

FOLDER = PROJECT / "data" / "reference" / "plans"


class Strict(BaseModel):
    """A misspelt key is an error, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Link(Strict):
    """A link of the chain and its bands, in days of coverage; bounds are inclusive."""

    link: Literal["exploitants", "grossistes", "officines"]
    label: str
    satisfactory_days: float
    acceptable_days: float
    origin: str
    to_validate: bool


class Group(Strict):
    """A followed group: a rule on the referential, so that a new generic joins by itself."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    label: str
    dci: str
    form: str = ""
    strength: str = ""
    cis_in: tuple[str, ...] = ()
    cis_out: tuple[str, ...] = ()


class Plan(Strict):
    """A plan. ``starts`` and ``ends`` are month-day; a season may cross the new year."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    question: str
    order: int
    season: str
    starts: str = Field(pattern=r"^\d\d-\d\d$")
    ends: str = Field(pattern=r"^\d\d-\d\d$")
    level: int = Field(ge=0)
    levels: tuple[str, ...]
    denominator: Literal["current", "legal"]
    pressure: Literal["epidemic", "vigilance", "none"]
    indicators: tuple[str, ...] = ()
    origin: str
    to_validate: bool
    links: tuple[Link, ...]
    groups: tuple[Group, ...]

    @property
    def level_label(self) -> str:
        return self.levels[min(self.level, len(self.levels) - 1)]

    def in_season(self, day: date) -> bool:
        today = f"{day:%m-%d}"
        if self.starts <= self.ends:
            return self.starts <= today <= self.ends
        return today >= self.starts or today <= self.ends


@cache
def plans(folder: Path = FOLDER) -> tuple[Plan, ...]:
    """Plans in the order of the menu. Raises pydantic's ValidationError naming the field that is wrong."""
    found = [Plan.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))) for path in folder.glob("*.toml")]
    return tuple(sorted(found, key=lambda plan: (plan.order, plan.id)))
