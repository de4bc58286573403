"""The rules of alerts, read strictly from ``data/reference/alerts.toml``, and the tables that queries cross with."""

from __future__ import annotations

import string
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa
from pydantic import Field, field_validator, model_validator

from data.access.roles import SEES_LABORATORIES, Granted
from data.reference.thresholds import Threshold
from data.settings import PROJECT
from data.strict import Strict, Text, given_twice, read_toml, reference_file
from data.strict.bounds import between
from data.strict.sentences import refused

FACTS = PROJECT / "metrics" / "alerts"
PIECES = frozenset({"place", "value", "day"})


class Level(Strict):
    """Reached from a gravity of ``at_least``, in the unit of the rule."""

    level: Annotated[int, between(1, 3)]
    at_least: Annotated[float, between(-3_660, 1_000_000, whole=False)]


class Rule(Strict):
    """What is watched, from which gravity, for whom, and its sentence."""

    key: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    title: Text
    sentence: Text
    one: Text
    many: Text
    digits: Annotated[int, between(0, 6)] = 0
    unknown: Text = "—"
    page: Literal["molecule", "declaration", "basculement", "territoires", "sources", "stocks-de-securite"]
    parameters: tuple[Text, ...]
    roles: Annotated[tuple[Granted, ...], Field(min_length=1)]
    secret: bool = False
    unit: Text
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    window_days: Annotated[int | None, between(1, 3_660)] = None
    origin: Text
    to_validate: bool

    @field_validator("sentence")
    @classmethod
    def _has_known_pieces(cls, sentence: str) -> str:
        try:
            pieces = [piece[1:] for piece in string.Formatter().parse(sentence) if piece[1] is not None]
        except ValueError as error:
            raise ValueError("une accolade de la phrase n'est pas fermée, ou pas ouverte") from error
        if any(name not in PIECES or format_ or conversion for name, format_, conversion in pieces):
            raise ValueError("la phrase ne connaît que {place}, {value} et {day}")
        return sentence

    @model_validator(mode="after")
    def _whole(self) -> Rule:
        if self.secret and not set(self.roles) <= SEES_LABORATORIES:
            raise ValueError("une règle secrète est réservée aux rôles de l'ANSM")
        if any(low.level >= high.level or low.at_least >= high.at_least for low, high in pairwise(self.levels)):
            raise ValueError("les niveaux montent avec la gravité")
        for bound in (level.at_least for level in self.levels if self.unit.startswith("%")):
            if not 0 <= bound <= 100:
                raise ValueError(f"clé « at_least » : {refused(bound, 'un pourcentage de 0 à 100')}")
        return self


class Rules(Strict):
    """The whole table, in the order in which alerts of one level are shown."""

    level_labels: tuple[Text, Text, Text]
    rule: tuple[Rule, ...]

    @model_validator(mode="after")
    def _stated_once(self) -> Rules:
        keys = [rule.key for rule in self.rule]
        if twice := given_twice(keys):
            raise ValueError(f"deux règles ont la même clé : {twice}")
        expected = sorted(path.stem.removeprefix("alert_") for path in FACTS.glob("alert_*.sql"))
        expected.remove("fact")
        if sorted(keys) != expected:
            wrong = ", ".join(sorted(set(keys) ^ set(expected)))
            raise ValueError(
                f"une règle par requête metrics/alerts/alert_<key>.sql est attendue ; en trop ou absente : {wrong}"
            )
        return self


def rules(path: Path | None = None) -> Rules:
    """The rules in force."""
    return read_toml(path or reference_file("alerts.toml"), Rules, "Règles d'alerte")


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


def rule_table(table: Rules) -> pa.Table:
    """One row per rule: its words, its page, its audience."""
    rows = [
        {**rule.model_dump(), "rule": rule.key, "order_no": number, "is_secret": rule.secret}
        for number, rule in enumerate(table.rule)
    ]
    return pa.Table.from_pylist([{name: row[name] for name in RULE.names} for row in rows], schema=RULE)


def level_table(table: Rules) -> pa.Table:
    """One row per level of a rule: gravity from ``at_least`` included to ``below`` excluded."""
    rows: list[dict[str, Any]] = []
    for rule in table.rule:
        upper = [item.at_least for item in rule.levels[1:]] + [float("inf")]
        rows.extend(
            {
                "rule": rule.key,
                "level": item.level,
                "label": table.level_labels[item.level - 1],
                "at_least": item.at_least,
                "below": below,
            }
            for item, below in zip(rule.levels, upper, strict=True)
        )
    return pa.Table.from_pylist(rows, schema=LEVEL)


def thresholds(table: Rules) -> dict[str, Threshold]:
    """Bounds and durations of the rules as *Méthode* shows thresholds."""
    found: dict[str, Threshold] = {}
    for rule in table.rule:
        for item in rule.levels:
            label = f"Alerte « {rule.title} », {table.level_labels[item.level - 1]} à partir de"
            found[f"alert_{rule.key}_{item.level}"] = _threshold(rule, item.at_least, rule.unit, label)
        if rule.window_days:
            label = f"Alerte « {rule.title} », durée"
            found[f"alert_{rule.key}_days"] = _threshold(rule, rule.window_days, "jours", label)
    return found


def _threshold(rule: Rule, value: float, unit: str, label: str) -> Threshold:
    return Threshold(
        value=value,
        unit=unit,
        label=label,
        origin=rule.origin,
        to_validate=rule.to_validate,
    )


def shared_queries(table: Iterable[Rule]) -> frozenset[str]:
    """Queries computed again on the tables of the shared artefact: they can reveal nothing that it does not hold."""
    return frozenset({"alert", *(f"alert_{rule.key}" for rule in table if not rule.secret)})
