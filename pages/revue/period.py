"""What the review compares with: the measurement before, the day before, a week ago, the last committee, a day chosen."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import streamlit as st

from metrics.review import queries as review
from pages.components import filters
from pages.components import format as fr
from pages.components.shell import session
from pages.components.shell.session import Reference

MEASURE, COMMITTEE, CHOSEN = "mesure", "comite", "date"
NO_COMMITTEE = "Date du dernier comité inconnue : choisir une autre date, ou la faire inscrire dans les réglages."


class Period(NamedTuple):
    """Choices as links, the one taken, and the snapshot it stands for; None when there is no earlier one."""

    options: tuple[tuple[str, str], ...]
    key: str
    since: Reference | None
    met: date | None = None

    @property
    def words(self) -> str:
        """« la mesure S46 (données du 22/11/2026) », « la veille (28/11/2026) »; empty without an earlier snapshot."""
        if self.since is None:
            return ""
        day = fr.day(self.since.as_of)
        if self.key == COMMITTEE and self.met:
            return f"{self.since.label}, {fr.day(self.met)} (données du {day})"
        return (
            f"{self.since.label} (données du {day})" if self.key in (MEASURE, CHOSEN) else f"{self.since.label} ({day})"
        )


def known(current: str) -> dict[str, Reference]:
    """Snapshots one may choose by name. One that answers to several names takes that of the committee, then of the measure."""
    found = {item.key: item for item in session.references(current)}
    measure = session.before_measurement(current, review.last_week)
    if measure is None or any(item.snapshot == measure.snapshot for item in found.values() if item.key == COMMITTEE):
        return found
    kept = {key: item for key, item in found.items() if item.snapshot != measure.snapshot}
    return {**kept, MEASURE: measure}


def period(as_of: date) -> Period:
    """As the address says (``?depuis=``): since the last measurements, or since the last committee on a shared screen."""
    current = session.snapshot() or ""
    items = known(current)
    if not items:
        return Period((), "", None)
    # The nearest first, as they are read: veille, mesure, semaine, comité.
    ordered = sorted(items.values(), key=lambda item: (item.as_of, item.key == "veille"), reverse=True)
    met = session.settings().committee.last_before(as_of)
    options = [(item.key, _short(item, met)) for item in ordered]
    asked = _alias(st.query_params.get("depuis", ""), items, current)
    key = asked if asked == CHOSEN or asked in items else _default(items)
    since = session.reference_on(current, _day(current)) if key == CHOSEN else items[key]
    return Period((*options, (CHOSEN, "autre date")), key, since, met)


def _alias(asked: str, items: dict[str, Reference], current: str) -> str:
    """A name that another choice stands for: both are the same snapshot."""
    other = next((item for item in session.references(current) if item.key == asked), None)
    if asked in items or other is None:
        return asked
    return next((key for key, item in items.items() if item.snapshot == other.snapshot), asked)


def _default(items: dict[str, Reference]) -> str:
    wanted = (COMMITTEE, MEASURE) if session.projected() else (MEASURE, COMMITTEE)
    return next((key for key in wanted if key in items), next(iter(items)))


def _short(item: Reference, met: date | None) -> str:
    if item.key == COMMITTEE and met:
        return f"comité du {fr.short_day(met)}"
    name = item.label.removeprefix("la ").removeprefix("le ")
    return name if item.key == MEASURE else f"{name} ({fr.short_day(item.as_of)})"


def _day(current: str) -> date:
    """The day typed, kept in the address (``?le=``): the last one published before today until another is chosen."""
    days = session.comparable_days(current)
    try:
        asked = date.fromisoformat(st.query_params.get("le", ""))
    except ValueError:
        asked = days[-1]
    day = min(max(asked, days[0]), days[-1])
    answer = st.date_input("Comparer au", day, min_value=days[0], max_value=days[-1], format="DD/MM/YYYY", width=200)
    typed = answer if isinstance(answer, date) else day
    if typed != asked:
        filters.write("le", typed.isoformat())
    return typed


def missing_committee(compared: Period) -> str:
    """What to do when nothing says when the committee met, or nothing was published by then."""
    if not compared.options:
        return ""
    if compared.met is None:
        return NO_COMMITTEE
    days = session.comparable_days(session.snapshot() or "")
    if days and days[0] <= compared.met:
        return ""
    return f"Comité du {fr.day(compared.met)} : aucun relevé publié ce jour-là ni avant. Choisir une autre date."
