"""The monthly dashboard again, in plain Python: one pass over the declarations for each month, no SQL, no window."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Month = tuple[int, int]
WINDOW, KNOWN_NEEDED, RATIO = 6, 3, 2
FLOORS = {"specialite": (4, None), "dci": (4, 3), "classe": (10, 6)}  # declarations, declarants
REPETITION = 24


@dataclass(frozen=True)
class Fact:
    """A declaration of TrustMed, or a line of the public release."""

    source: str
    on: date
    kind: str
    speciality: str
    dci: str | None
    group: str | None
    laboratory: str
    closed: date | None = None
    is_copy: bool = False

    @property
    def month(self) -> Month:
        return self.on.year, self.on.month


def plain(text: str) -> str:
    """Without case or accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def back(month: Month, by: int) -> Month:
    place = month[0] * 12 + month[1] - 1 - by
    return place // 12, place % 12 + 1


def source_of_years(facts: Iterable[Fact]) -> dict[int, str]:
    """The source that holds more of a year; TrustMed when equal."""
    counts: dict[int, dict[str, int]] = {}
    for fact in facts:
        year = counts.setdefault(fact.on.year, {"historique": 0, "trustmed": 0})
        year[fact.source] += 1
    return {year: "historique" if n["historique"] > n["trustmed"] else "trustmed" for year, n in counts.items()}


class Dashboard:
    """Every figure of every month, by month and span (``mois``, ``cumul``)."""

    def __init__(self, facts: Sequence[Fact], as_of: date) -> None:
        past = [fact for fact in facts if fact.on <= as_of]
        self.all, self.as_of, self.sources = past, as_of, source_of_years(past)
        self.kept = [fact for fact in past if self.sources[fact.on.year] == fact.source]
        self.months = self._months()

    def _months(self) -> list[Month]:
        result = []
        for source in set(self.sources.values()):
            mine = [fact.month for fact in self.all if fact.source == source]
            last = (self.as_of.year, self.as_of.month) if source == "trustmed" else max(mine)
            month = last
            while month >= min(mine):
                if self.sources.get(month[0]) == source:
                    result.append(month)
                month = back(month, 1)
        return sorted(result)

    def within(self, month: Month, span: str) -> list[Fact]:
        """Facts counted in the month, or since January."""
        return [f for f in self.kept if f.month == month or (span == "cumul" and (month[0], 1) <= f.month <= month)]

    def counts(self, month: Month, span: str) -> dict[str, Any]:
        facts = self.within(month, span)
        is_trustmed = self.sources[month[0]] == "trustmed"
        first = month if span == "mois" else (month[0], 1)
        closed = [f.closed for f in self.all if f.source == "trustmed" and f.closed and f.closed <= self.as_of]
        return {
            "declarations": len(facts),
            "ruptures": sum(f.kind == "rupture" for f in facts),
            "risks": sum(f.kind == "risque" for f in facts),
            "copies": sum(f.is_copy for f in facts),
            "specialities": len({f.speciality for f in facts}),
            "dcis": len({f.dci for f in facts if f.dci}),
            "declarants": len({plain(f.laboratory) for f in facts}),
            "closed": sum(first <= (d.year, d.month) <= month for d in closed) if is_trustmed else None,
        }

    def classes(self, month: Month, span: str) -> dict[str | None, tuple[int, int]]:
        """Situations and declarations by main ATC class."""
        return self._grouped(month, span, "group")

    def dcis(self, month: Month, span: str) -> dict[str | None, tuple[int, int]]:
        result = self._grouped(month, span, "dci")
        result.pop(None, None)
        return result

    def laboratories(self, month: Month, span: str) -> dict[str | None, tuple[int, int]]:
        return self._grouped(month, span, "laboratory")

    def _grouped(self, month: Month, span: str, name: str) -> dict[str | None, tuple[int, int]]:
        facts = self.within(month, span)
        keys = {getattr(f, name) for f in facts}
        mine = {key: [f for f in facts if getattr(f, name) == key] for key in keys}
        return {key: (len({f.speciality for f in result}), len(result)) for key, result in mine.items()}

    def repetition(self, month: Month, dci: str) -> tuple[int, int, int]:
        """Months with a declaration, declarations, months known, over the last 24."""
        window = [m for m in (back(month, n) for n in range(REPETITION)) if m in self.months]
        mine = [f.month for f in self.kept if f.dci == dci and f.month in window]
        return len(set(mine)), len(mine), len(window)

    def rises(self, month: Month) -> dict[tuple[str, str], tuple[int, int]]:
        """(scope, subject) → declarations and declarants of the subjects that rise suddenly."""
        source = self.sources[month[0]]
        window = [back(month, n) for n in range(1, WINDOW + 1)]
        window = [m for m in window if m in self.months and self.sources[m[0]] == source]
        if len(window) < KNOWN_NEEDED:
            return {}
        result = {}
        for scope, name in (("specialite", "speciality"), ("dci", "dci"), ("classe", "group")):
            by: dict[Month, dict[str, list[str]]] = {m: {} for m in (month, *window)}
            for fact in self.kept:
                if fact.month in by and fact.source == source and (key := getattr(fact, name)):
                    by[fact.month].setdefault(key, []).append(plain(fact.laboratory))
            for key, now in by[month].items():
                past = [by[m].get(key, []) for m in window]
                if _is_sudden(scope, now, past):
                    result[scope, key] = (len(now), len(set(now)))
        return result


def _is_sudden(scope: str, now: list[str], past: list[list[str]]) -> bool:
    declarations, declarants = FLOORS[scope]
    usual = sum(map(len, past)) / len(past)
    if len(now) >= declarations and len(now) >= RATIO * usual:
        return True
    usual_declarants = sum(len(set(names)) for names in past) / len(past)
    several = len(set(now))
    return declarants is not None and several >= declarants and several >= RATIO * usual_declarants
