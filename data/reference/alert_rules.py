"""The rules of alerts, read strictly from ``data/reference/alerts.toml``, and the tables that queries cross with."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.access.roles import SEES_LABORATORIES, Role
from data.settings import PROJECT

FILE = PROJECT / "data" / "reference" / "alerts.toml"
PIECES = frozenset({"place", "value", "day"})


class BrokenRules(ValueError):
    """Rules that cannot be used: which one, which key, why."""


class Strict(BaseModel):
    """A misspelt key is an error, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(Strict):
    """Reached from a gravity of ``at_least``, in the unit of the rule."""

    level: int = Field(ge=1, le=3)
    at_least: float


class Rule(Strict):
    """What is watched, from when, for whom, and the words of it."""

    key: str = Field(pattern=r"^[a-z_]+$")
    title: str
    sentence: str
    one: str
    many: str
    digits: int = 0
    unknown: str = "—"
    page: str
    parameters: tuple[str, ...]
    roles: tuple[Role, ...] = Field(min_length=1)
    secret: bool = False
    unit: str
    levels: tuple[Level, ...] = Field(min_length=1)
    window_days: int | None = Field(None, ge=1)
    origin: str
    to_validate: bool

    @model_validator(mode="after")
    def _whole(self) -> Rule:
        if self.secret and not set(self.roles) <= SEES_LABORATORIES:
            raise ValueError(f"règle {self.key} : une règle secrète est réservée aux rôles de l'ANSM")
        asked = {name for _, name, _, _ in string.Formatter().parse(self.sentence) if name is not None}
        if not asked <= PIECES:
            raise ValueError(f"règle {self.key} : la phrase ne connaît que {{place}}, {{value}} et {{day}}")
        if any(low.level >= high.level or low.at_least >= high.at_least for low, high in pairwise(self.levels)):
            raise ValueError(f"règle {self.key} : les niveaux montent avec la gravité")
        return self


class Rules(Strict):
    """The whole table, in the order in which alerts of one level are shown."""

    level_labels: tuple[str, str, str]
    rule: tuple[Rule, ...]

    @model_validator(mode="after")
    def _told_once(self) -> Rules:
        keys = [rule.key for rule in self.rule]
        if len(set(keys)) < len(keys):
            raise ValueError("deux règles ont la même clé")
        return self


@cache
def rules(path: Path = FILE) -> Rules:
    """The rules in force. Raises ``BrokenRules`` with the key and what to do."""
    try:
        return Rules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        where = ".".join(map(str, first["loc"])) if first else "fichier"
        why = first["msg"] if first else str(error)
        raise BrokenRules(f"Règles d'alerte {path.name}, {where} : {why}") from error


RULE = pa.schema(
    [
        ("rule", pa.string()),
        ("order_no", pa.int64()),
        *((name, pa.string()) for name in ("title", "sentence", "one", "many")),
        ("digits", pa.int64()),
        *((name, pa.string()) for name in ("unknown", "page")),
        *((name, pa.list_(pa.string())) for name in ("parameters", "roles")),
        ("is_secret", pa.bool_()),
        ("window_days", pa.int64()),
    ]
)
LEVEL = pa.schema(
    [
        ("rule", pa.string()),
        ("level", pa.int64()),
        ("label", pa.string()),
        ("at_least", pa.float64()),
        ("below", pa.float64()),
    ]
)


def rule_table(known: Rules) -> pa.Table:
    """One row a rule: its words, where it leads, for whom."""
    rows = [
        {**rule.model_dump(), "rule": rule.key, "order_no": number, "is_secret": rule.secret}
        for number, rule in enumerate(known.rule)
    ]
    return pa.Table.from_pylist([{name: row[name] for name in RULE.names} for row in rows], schema=RULE)


def level_table(known: Rules) -> pa.Table:
    """One row a level of a rule: gravity from ``at_least`` included to ``below`` excluded."""
    rows: list[dict[str, Any]] = []
    for rule in known.rule:
        upper = [item.at_least for item in rule.levels[1:]] + [float("inf")]
        rows.extend(
            {
                "rule": rule.key,
                "level": item.level,
                "label": known.level_labels[item.level - 1],
                "at_least": item.at_least,
                "below": below,
            }
            for item, below in zip(rule.levels, upper, strict=True)
        )
    return pa.Table.from_pylist(rows, schema=LEVEL)


def thresholds(known: Rules) -> dict[str, dict[str, Any]]:
    """Bounds and durations of the rules as *Méthode* shows thresholds."""
    found: dict[str, dict[str, Any]] = {}
    for rule in known.rule:
        mark = {"origin": rule.origin, "to_validate": rule.to_validate}
        for item in rule.levels:
            label = f"Alerte « {rule.title} », {known.level_labels[item.level - 1]} à partir de"
            found[f"alert_{rule.key}_{item.level}"] = {
                "value": item.at_least,
                "unit": rule.unit,
                "label": label,
                **mark,
            }
        if rule.window_days:
            label = f"Alerte « {rule.title} », durée"
            found[f"alert_{rule.key}_days"] = {"value": rule.window_days, "unit": "jours", "label": label, **mark}
    return found


def shared_queries(known: Iterable[Rule]) -> frozenset[str]:
    """Queries computed again on the tables of the shared artefact: they can tell nothing that it does not hold."""
    return frozenset({"alert", *(f"alert_{rule.key}" for rule in known if not rule.secret)})
