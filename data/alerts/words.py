"""French words of alerts, the same on screen, in e-mails and in feeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.numbers import format_decimal

from connectors.language.rounding import same_side
from connectors.language.typography import french, tied

PERCENT = "%"


def sentence(row: Mapping[str, Any]) -> str:
    """What follows the subject: the sentence of the rule with its place, value and day."""
    sentence = row["sentence"].format(place=row["place"] or "", value=quantity(row), day=day(row["day"]))
    return french(sentence)


def quantity(row: Mapping[str, Any]) -> str:
    """« 2,4 jours », or the words of the rule when the value is unknown."""
    value = row["value"]
    if value is None:
        return str(row["unknown"])
    if row["one"] == PERCENT:  # written as pages write it: nearest, on its side of every degree of the rule
        value = same_side(value, row["digits"], row["bounds"])
    return count(value, row["one"], row["many"], row["digits"])


def count(value: float, one: str, many: str, digits: int = 0) -> str:
    """« 1 alerte », « 2 alertes »: 0 and 1 are singular."""
    # Rounded down, so that a figure under a bound is never written at the bound.
    shown = int(value * 10**digits + 1e-9) / 10**digits
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return tied(format_decimal(shown, format=pattern, locale="fr_FR"), one if abs(shown) < 2 else many)


def day(value: Any) -> str:
    """« 16/11/2026 »."""
    return "—" if value is None else f"{value:%d/%m/%Y}"
