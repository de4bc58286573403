"""Decisions of the journal that the build reads, with a copy on disk used when the journal is unavailable."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.files import read_json, write_json
from data.journal.columns import JournalUnavailable
from data.journal.entries import Preparation
from data.journal.store import Journal

# An acceptance whose reference begins so is about a sender: its absent lines are empty stocks (``building/empty_stocks.py``).
ABSENT_IS_ZERO = "absent=0"


_SOURCES_OF_LINKS = {"exploitants": "tracstocks"}  # references once named the link


def absent_is_zero(source: str, sender: str) -> str:
    """Reference of the decision that a sender leaves its empty stocks out of its files of a source."""
    return f"{ABSENT_IS_ZERO}/{source}/{sender}"


def sender_of(row_ref: str) -> tuple[str, str] | None:
    """Source and sender of such a decision, None of any other acceptance."""
    head, _, rest = row_ref.partition("/")
    source, _, sender = rest.partition("/")
    return (_SOURCES_OF_LINKS.get(source, source), sender) if head == ABSENT_IS_ZERO and sender else None


@dataclass(frozen=True)
class AcceptedRow:
    """A doubtful row that a steward accepted; ``accepted_at`` in ISO 8601, UTC."""

    row_ref: str
    login: str
    accepted_at: str
    reason: str


@dataclass(frozen=True)
class EvaluatedCriterion:
    """Points typed by an evaluator for one criterion of one declaration."""

    declaration_no: str
    criterion: str
    points: int
    reason: str
    login: str
    evaluated_at: str


@dataclass(frozen=True)
class NameAnswer:
    """A steward's answer to « le même ? » about two names of a kind, by their keys; ``answered_at`` as above."""

    kind: str
    key: str
    other_key: str
    name: str
    other_name: str
    is_same: bool
    login: str
    answered_at: str
    reason: str


@dataclass(frozen=True)
class CountedPreparations:
    """Préparations magistrales typed by an agent for a week; days in ISO 8601, empty when unknown."""

    subject_id: str
    week: str
    preparations: int
    pharmacies: int | None
    recommendation_on: str
    reason: str
    login: str
    counted_at: str


@dataclass(frozen=True)
class Decisions:
    """Human decisions that change figures: an input of a snapshot, like a delivery."""

    acceptances: tuple[AcceptedRow, ...] = ()
    evaluations: tuple[EvaluatedCriterion, ...] = ()
    names: tuple[NameAnswer, ...] = ()
    preparations: tuple[CountedPreparations, ...] = ()

    @property
    def digest(self) -> str:
        """Changes when a decision changes."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


NO_DECISION = Decisions()


def read_decisions(journal: Journal, copy: Path) -> tuple[Decisions, str]:
    """Decisions in the journal, saved to ``copy``; when it does not answer, the last copy and a sentence in French."""
    try:
        journal.migrate()
        current = Decisions(
            tuple(AcceptedRow(a.row_ref, a.login, a.at.isoformat(), a.reason) for a in journal.acceptances()),
            tuple(
                EvaluatedCriterion(e.declaration_no, e.criterion, e.points, e.reason, e.login, e.at.isoformat())
                for e in journal.evaluations()
            ),
            tuple(
                NameAnswer(
                    *(n.kind, n.key, n.other_key, n.name, n.other_name, n.is_same, n.login, n.at.isoformat(), n.reason)
                )
                for n in journal.name_answers()
            ),
            tuple(_counted(item) for item in journal.preparations()),
        )
    except JournalUnavailable as failure:
        return _from(read_json(copy) or {}), f"{failure} Les dernières décisions connues restent en vigueur."
    write_json(copy, asdict(current))
    return current, ""


def _counted(item: Preparation) -> CountedPreparations:
    recommended = item.recommendation_on.isoformat() if item.recommendation_on else ""
    counts = (item.subject_id, item.week.isoformat(), item.preparations, item.pharmacies)
    return CountedPreparations(*counts, recommended, item.reason, item.login, item.at.isoformat())


def _from(kept: dict[str, Any]) -> Decisions:
    return Decisions(
        tuple(AcceptedRow(**item) for item in kept.get("acceptances", ())),
        tuple(EvaluatedCriterion(**item) for item in kept.get("evaluations", ())),
        tuple(NameAnswer(**item) for item in kept.get("names", ())),
        tuple(CountedPreparations(**item) for item in kept.get("preparations", ())),
    )
