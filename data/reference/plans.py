"""Plans followed, one TOML file each in ``data/reference/plans``: groups, links, bands, season, outside pressure."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from data.settings import PROJECT

FOLDER = PROJECT / "data" / "reference" / "plans"


class BrokenPlan(ValueError):
    """A plan file that cannot be used: which one, which field, why."""


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

    @model_validator(mode="after")
    def _ordered(self) -> Link:
        if self.acceptable_days > self.satisfactory_days:
            raise ValueError(f"maillon {self.link} : la borne « acceptable » dépasse la borne « satisfaisante »")
        return self


class Group(Strict):
    """A followed group: a rule on the referential, so that a new generic joins by itself."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    label: str
    dci: str
    form: str = ""
    strength: str = ""
    cis_in: tuple[str, ...] = ()
    cis_out: tuple[str, ...] = ()

    @field_validator("form", "strength")
    @classmethod
    def _is_pattern(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"expression régulière invalide : {error}") from error
        return pattern


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

    @model_validator(mode="after")
    def _once_each(self) -> Plan:
        for what, names in (("maillon", [str(x.link) for x in self.links]), ("groupe", [x.id for x in self.groups])):
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise ValueError(f"{what} donné deux fois : {', '.join(sorted(twice))}")
        return self

    @field_validator("starts", "ends")
    @classmethod
    def _is_day(cls, text: str) -> str:
        datetime.strptime(f"2024-{text}", "%Y-%m-%d").replace(tzinfo=UTC)
        return text

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
    """Plans in the order of the menu. Raises BrokenPlan naming the file and the field that is wrong."""
    found = [_read(path) for path in sorted(folder.glob("*.toml"))]
    names = [name for plan in found for name in (plan.id, *(group.id for group in plan.groups))]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BrokenPlan(f"Identifiant de plan ou de groupe donné deux fois : {', '.join(twice)}")
    return tuple(sorted(found, key=lambda plan: (plan.order, plan.id)))


def _read(path: Path) -> Plan:
    try:
        return Plan.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise BrokenPlan(f"Plan illisible, {path.name} : {error}") from error
