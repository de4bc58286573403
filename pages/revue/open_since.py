"""Which photograph of the public list the open review compares the last one with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import streamlit as st

from pages.components import filters
from pages.components import format as fr

PREVIOUS, CHOSEN = "precedente", "date"
_BACK = {"semaine": 7, "mois": 30, "an": 365}  # key of the address → days before the last photograph
_NEAR = {"semaine": ("une semaine avant", 12), "mois": ("un mois avant", 45), "an": ("un an avant", 400)}
USUAL_DAYS = 7  # a day moves little: without a choice, the newest photograph at least this old


class Since(NamedTuple):
    """Choices as links, the one taken, and its photograph; None when there is no earlier one."""

    options: tuple[tuple[str, str], ...]
    key: str
    day: date | None


def since(days: Sequence[date]) -> Since:
    """As the address says (``?depuis=``): days are those of the photographs, oldest first."""
    if len(days) < 2:
        return Since((), "", None)
    named = offered(days)
    asked = st.query_params.get("depuis", "")
    options = [(key, _words(key, day, days)) for key, day in named.items()]
    others = [day for day in days[:-1] if day not in named.values()]
    if others:
        options.append((CHOSEN, "autre photographie"))
    if asked == CHOSEN and others:
        return Since(tuple(options), CHOSEN, _picked(days[:-1]))
    key = asked if asked in named else _usual(named, days[-1])
    return Since(tuple(options), key, named[key])


def offered(days: Sequence[date]) -> dict[str, date]:
    """The previous photograph, then the last one at least a week, a month, a year old; one name a photograph."""
    earlier, last = list(days[:-1]), days[-1]
    found = {PREVIOUS: earlier[-1]}
    for key, back in _BACK.items():
        old = [day for day in earlier if day <= last - timedelta(days=back)]
        if old and old[-1] not in found.values():
            found[key] = old[-1]
    return found


def _usual(named: dict[str, date], last: date) -> str:
    return next((key for key, day in named.items() if (last - day).days >= USUAL_DAYS), list(named)[-1])


def _words(key: str, day: date, days: Sequence[date]) -> str:
    """« une semaine avant (19/05/2026) »; the day alone when it is much older than the name says."""
    if key == PREVIOUS:
        return f"la précédente ({fr.day(day)})"
    name, most = _NEAR[key]
    return f"{name} ({fr.day(day)})" if (days[-1] - day).days <= most else fr.day(day)


def _picked(earlier: Sequence[date]) -> date:
    """The photograph picked in the list of all of them, kept in the address (``?le=``)."""
    known = {day.isoformat(): fr.day(day) for day in reversed(earlier)}
    picked = filters.choose("Comparer à la photographie du", known, "le", width=220)
    return date.fromisoformat(picked) if picked else earlier[-1]
