"""Plans followed, one TOML file each in ``data/reference/plans``: groups, links, bands, season, outside pressure."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator, model_validator

from data.reference.strengths import Strength, UnreadableStrength, strength, strengths
from data.strict import (
    BrokenReference,
    Identifier,
    Strict,
    Text,
    given_twice,
    read_toml,
    reference_file,
)
from data.strict.bounds import Days, Points
from data.strict.sentences import refused

Cis = Annotated[str, Field(pattern=r"^\d{8}$")]


class Link(Strict):
    """A link of the chain and its bands, in days of coverage; bounds are inclusive."""

    link: Literal["exploitants", "grossistes", "officines", "pui"]
    label: Text
    satisfactory_days: Days
    acceptable_days: Days
    origin: Text
    to_validate: bool

    @model_validator(mode="after")
    def _ordered(self) -> Link:
        if self.acceptable_days >= self.satisfactory_days:
            below = f"moins que la borne « satisfaisante », {self.satisfactory_days:g}"
            raise ValueError(f"clé « acceptable_days » : {refused(self.acceptable_days, below)}")
        return self


class Group(Strict):
    """A followed group: a rule on the referential, so that a new generic joins by itself.

    ``strengths``: one of them, or any when empty. ``form`` and ``form_out``: patterns, required and excluded.
    """

    id: Identifier
    label: Text
    dci: Text
    form: str = ""
    form_out: str = ""
    strengths: tuple[Text, ...] = ()
    cis_in: tuple[Cis, ...] = ()
    cis_out: tuple[Cis, ...] = ()

    @property
    def substances(self) -> int:
        return self.dci.count(" / ") + 1

    @property
    def amounts(self) -> tuple[Strength, ...]:
        """Its strengths, read as those of the referential."""
        return tuple(strength(text, is_association=self.substances > 1) for text in self.strengths)

    def has_strength_of(self, denomination: str) -> bool:
        """Whether a denomination states one of its concentrations."""
        written = {key for one in strengths(denomination, is_association=self.substances > 1) for key in one.keys}
        return not self.strengths or any(amount.keys & written for amount in self.amounts)

    @model_validator(mode="after")
    def _has_readable_strengths(self) -> Group:
        for text in self.strengths:
            try:
                found = len(strength(text, is_association=self.substances > 1).amounts)
            except UnreadableStrength as error:
                raise ValueError(str(error)) from error
            if found not in {1, self.substances}:
                raise ValueError(f"« {text} » compte {found} dosages, « {self.dci} » {self.substances} substance(s)")
        return self

    @field_validator("form", "form_out")
    @classmethod
    def _is_pattern(cls, pattern: str) -> str:
        """As the queries will read it: RE2, which has no look-ahead nor back-reference."""
        try:
            pc.match_substring_regex(pa.array([""]), pattern)
        except pa.ArrowInvalid as error:
            raise ValueError(f"expression régulière invalide, « {pattern} »") from error
        return pattern


class Plan(Strict):
    """A plan. ``starts`` and ``ends`` are month-day; a season may cross the new year.

    ``wholesalers_denominator``: of the wholesalers' coverage only, ``denominator`` when absent; ``members`` is what all
    members of their chamber sold over a period of reference.
    """

    id: Identifier
    title: Text
    question: Text
    order: Points
    season: Text
    starts: str = Field(pattern=r"^\d\d-\d\d$")
    ends: str = Field(pattern=r"^\d\d-\d\d$")
    level: Points
    levels: Annotated[tuple[Text, ...], Field(min_length=1)]
    denominator: Literal["current", "legal"]
    wholesalers_denominator: Literal["current", "legal", "members"] | None = None
    pressure: Literal["epidemic", "vigilance", "none"]
    indicators: tuple[str, ...] = ()
    origin: Text
    to_validate: bool
    links: Annotated[tuple[Link, ...], Field(min_length=1)]
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once_each(self) -> Plan:
        identifiers = [self.id, *(group.id for group in self.groups)]
        for what, names in (("maillon", [str(item.link) for item in self.links]), ("identifiant", identifiers)):
            if twice := given_twice(names):
                raise ValueError(f"{what} donné deux fois : {twice}")
        if self.level >= len(self.levels):
            raise ValueError(
                f"clé « level » : {refused(self.level, f'de 0 à {len(self.levels) - 1}, rang dans « levels »')}"
            )
        return self

    @field_validator("starts", "ends")
    @classmethod
    def _is_day(cls, text: str) -> str:
        try:
            date.fromisoformat(f"2024-{text}")
        except ValueError as error:
            raise ValueError(refused(text, "un jour du calendrier, comme « 10-01 »")) from error
        return text

    def denominator_of(self, link: str) -> str:
        """What the days of a link are counted against; a hospital pharmacy counts its own use only."""
        if link == "pui":
            return "current"
        return (self.wholesalers_denominator if link == "grossistes" else None) or self.denominator

    @property
    def level_label(self) -> str:
        return self.levels[self.level]

    def in_season(self, day: date) -> bool:
        today = f"{day:%m-%d}"
        if self.starts <= self.ends:
            return self.starts <= today <= self.ends
        return today >= self.starts or today <= self.ends


def plans(folder: Path | None = None) -> tuple[Plan, ...]:
    """Plans in the order of the menu, one per file."""
    files = sorted((folder or reference_file("plans")).glob("*.toml"))
    found = {path: read_toml(path, Plan, "Plan") for path in files}
    owners: dict[str, Path] = {}
    for path, plan in found.items():
        names = [plan.id, *(group.id for group in plan.groups)]
        taken = [f"identifiant « {name} » déjà dans {owners[name].name}" for name in names if name in owners]
        if taken:
            raise BrokenReference.of(path, "Plan", *taken)
        owners |= dict.fromkeys(names, path)
    return tuple(sorted(found.values(), key=lambda plan: (plan.order, plan.id)))
