"""Doubtful rows: what is compared, the rule broken, and the sentence a person reads before deciding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from babel.numbers import format_decimal

from connectors.language.typography import french
from connectors.reading.load_id import row_reference

Quantity = Literal["amount", "sales", "week"]
Rule = Literal["futur", "hors_bornes", "unite", "ecart"]


@dataclass(frozen=True, slots=True)
class Measurement:
    """Values of one received row. ``amount``: stock in boxes, or days for a panel; ``sales``: boxes of the week."""

    lake_table: str
    reporter: str
    item: str
    week: date
    amount: float | None
    sales: float | None
    load_id: str
    line: int
    received_on: date

    @property
    def ref(self) -> str:
        """Row reference, stable when a header table changes: it names the delivery, not the load."""
        return row_reference(self.load_id, self.lake_table, self.line)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A rule that a row breaks. ``last``: what it was compared with; ``factor``: of the whole delivery, or the bound passed."""

    measurement: Measurement
    rule: Rule
    quantity: Quantity
    last: Measurement | None = None
    factor: float = 0.0


def reason(doubt: Doubt, title: str) -> str:
    """Why the row waits, in French, with both values."""
    return french(_reason(doubt, title))


def _reason(doubt: Doubt, title: str) -> str:
    if doubt.rule == "futur":
        return f"Date postérieure à la réception du fichier (reçu le {doubt.measurement.received_on:%d/%m/%Y})."
    value = getattr(doubt.measurement, doubt.quantity)
    if doubt.rule == "hors_bornes":
        return f"{title} : {_number(value)}, au-delà de {_number(doubt.factor)}."
    if doubt.rule == "unite":
        how = "multipliées par" if doubt.factor > 1 else "divisées par"
        times = _number(doubt.factor if doubt.factor > 1 else 1 / doubt.factor)
        head = f"Changement d'unité probable : la plupart des lignes du fichier sont {how} {times} environ."
        return f"{head} {_compared(doubt, title)}" if doubt.last else head
    return _compared(doubt, title)


def _compared(doubt: Doubt, title: str) -> str:
    value, before = getattr(doubt.measurement, doubt.quantity), getattr(doubt.last, doubt.quantity)
    iso = doubt.last.week.isocalendar() if doubt.last else None
    week = f" (S{iso.week:02d} {iso.year})" if iso else ""
    sentence = f"{title} : {_number(value)}, contre {_number(before)} au dernier relevé accepté{week}"
    return f"{sentence}{_ratio(value, before)}."


def _ratio(value: float | None, before: float) -> str:
    if not value or not before:
        return ""
    how, times = ("multiplié par", value / before) if value > before else ("divisé par", before / value)
    return f", {how} {_number(round(times))}" if times >= 2 else ""


def _number(value: float | None) -> str:
    """``1234.5`` → ``1 234,5``; thousandths are kept, boxes reported in thousands have some; an empty cell is named."""
    return "vide" if value is None else str(format_decimal(value, format="#,##0.###", locale="fr_FR"))
