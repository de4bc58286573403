"""Plans followed, one TOML file each in ``data/reference/plans``: groups, links, bands, season, surveillance beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
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
from data.strict.bounds import Days, Points, between
from data.strict.sentences import refused

Cis = Annotated[str, Field(pattern=r"^\d{8}$")]
PERMANENT = "toute l'année"
SEASONS_KEPT = 3  # of a plan, those that a report may be about: stocks are kept three years


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


class Change(Strict):
    """A day on which the level of a plan changed, and why; ``level``: rank in ``levels``."""

    on: date
    level: Points
    reason: Text


@dataclass(frozen=True)
class Season:
    """One season of a plan, both days included; ``name``: « 2026-2027 » when it crosses the new year."""

    starts_on: date
    ends_on: date

    @property
    def name(self) -> str:
        return "-".join(dict.fromkeys((str(self.starts_on.year), str(self.ends_on.year))))


class Plan(Strict):
    """A plan. ``starts`` and ``ends`` are month-day; a season may cross the new year.

    Without them, or when they go round the year, the plan is permanent: every day is in season, and its seasons are the
    years that begin on ``starts``, 1 January without it. ``season`` then has nothing to name.
    ``changes``: the levels decided, with their day; without any, ``level`` is the level in force.
    ``wholesalers_denominator``: of the wholesalers' coverage only, ``denominator`` when absent; ``members`` is what all
    members of their chamber sold over a period of reference.
    """

    id: Identifier
    title: Text
    question: Text
    order: Points
    season: Text = PERMANENT
    starts: str | None = Field(default=None, pattern=r"^\d\d-\d\d$")
    ends: str | None = Field(default=None, pattern=r"^\d\d-\d\d$")
    level: Annotated[int | None, between(0, 1_000)] = None
    levels: Annotated[tuple[Text, ...], Field(min_length=1)]
    changes: tuple[Change, ...] = ()
    denominator: Literal["current", "legal"]
    wholesalers_denominator: Literal["current", "legal", "members"] | None = None
    surveillance: Literal["epidemic", "vigilance", "none"] = "none"
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
        if self.indicators and self.surveillance != "epidemic":
            raise ValueError("clé « indicators » : sans effet, la surveillance du plan n'est pas « epidemic »")
        return self

    @model_validator(mode="after")
    def _has_a_season_or_none(self) -> Plan:
        if (self.starts is None) != (self.ends is None):
            given, absent = ("starts", "ends") if self.ends is None else ("ends", "starts")
            raise ValueError(
                f"clé « {absent} » obligatoire quand « {given} » est donnée (ni l'une ni l'autre : plan permanent)"
            )
        if not self.is_permanent and "season" not in self.model_fields_set:
            raise ValueError("clé « season » obligatoire absente (facultative pour un plan permanent)")
        return self

    @model_validator(mode="after")
    def _has_a_level(self) -> Plan:
        if self.level is None and not self.changes:
            raise ValueError("clé « level » obligatoire absente (ou des changements datés, [[changes]])")
        if self.level is not None:
            self._check_level("clé « level »", self.level)
        for number, change in enumerate(self.changes, start=1):
            self._check_change(f"changes n° {number}, clé", change)
        for number, (before, after) in enumerate(pairwise(self.changes), start=2):
            if after.on <= before.on:
                later = f"après le changement précédent, {_french(before.on)}"
                raise ValueError(f"changes n° {number}, clé « on » : {refused(_french(after.on), later)}")
            if after.level == before.level:
                raise ValueError(
                    f"changes n° {number}, clé « level » : {refused(after.level, 'un autre niveau que le précédent')}"
                )
        if self.changes and self.level not in {None, self.changes[-1].level}:
            last = f"{self.changes[-1].level}, niveau du dernier changement, ou pas de clé « level »"
            raise ValueError(f"clé « level » : {refused(self.level, last)}")
        return self

    def _check_level(self, place: str, level: int) -> None:
        if level >= len(self.levels):
            raise ValueError(f"{place} : {refused(level, f'de 0 à {len(self.levels) - 1}, rang dans « levels »')}")

    def _check_change(self, place: str, change: Change) -> None:
        """Its level exists; between two seasons only the first level (it comes) and the last one (it is over) do."""
        self._check_level(f"{place} « level »", change.level)
        if not self.in_season(change.on) and 0 < change.level < len(self.levels) - 1:
            within = (
                f"un jour de la saison, du {self.starts} au {self.ends} ; hors saison, le premier ou le dernier niveau"
            )
            raise ValueError(f"{place} « on » : {refused(_french(change.on), within)}")

    @field_validator("starts", "ends")
    @classmethod
    def _is_day(cls, text: str | None) -> str | None:
        try:
            date.fromisoformat(f"2024-{text or '01-01'}")
        except ValueError as error:
            raise ValueError(refused(text, "un jour du calendrier, comme « 10-01 »")) from error
        return text

    def denominator_of(self, link: str) -> str:
        """What the days of a link are counted against; a hospital pharmacy counts its own use only."""
        if link == "pui":
            return "current"
        return (self.wholesalers_denominator if link == "grossistes" else None) or self.denominator

    @property
    def is_permanent(self) -> bool:
        """It lasts all year: no season, or one whose end touches its start."""
        if self.starts is None or self.ends is None:
            return True
        after = _on(2023, self.ends) + timedelta(days=1)
        return f"{after:%m-%d}" == self.starts

    def change_on(self, day: date) -> Change | None:
        """The last change up to a day; one dated later is planned, not in force."""
        return next((change for change in reversed(self.changes) if change.on <= day), None)

    def level_on(self, day: date) -> int:
        """Level in force; before the first change, the first level."""
        if not self.changes:
            return self.level or 0
        change = self.change_on(day)
        return change.level if change else 0

    def in_season(self, day: date) -> bool:
        if self.is_permanent or self.starts is None or self.ends is None:
            return True
        today = f"{day:%m-%d}"
        if self.starts <= self.ends:
            return self.starts <= today <= self.ends
        return today >= self.starts or today <= self.ends

    def season_from(self, year: int) -> Season:
        """The season that begins in a year; a permanent plan has one a year."""
        first = _on(year, self.starts or "01-01")
        if self.is_permanent:
            return Season(first, _on(year + 1, self.starts or "01-01") - timedelta(days=1))
        ends = self.ends or "12-31"
        last = _on(year, ends)
        return Season(first, last if last >= first else _on(year + 1, ends))

    def seasons(self, day: date) -> tuple[Season, ...]:
        """Those begun by a day, the last one first, as far as figures are kept."""
        found = (self.season_from(day.year - back) for back in range(SEASONS_KEPT + 1))
        return tuple(season for season in found if season.starts_on <= day)[:SEASONS_KEPT]

    def season_of(self, change: Change) -> Season:
        """The season a change belongs to: between two, the first level announces the next and the others end the last."""
        begun = next(s for back in range(3) if (s := self.season_from(change.on.year - back)).starts_on <= change.on)
        if change.on > begun.ends_on and change.level == 0:
            return self.season_from(begun.starts_on.year + 1)
        return begun


def _on(year: int, text: str) -> date:
    """A month-day in a year; 29 February is the 28th of other years."""
    month, day = map(int, text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 2, 28)


def _french(day: date) -> str:
    return f"{day:%d/%m/%Y}"


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
