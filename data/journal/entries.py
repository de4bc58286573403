"""Records of the journal, as its readers receive them. Moments are in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Access:
    """One line of the access log: ``action`` (connexion, refus, page, export, acceptation…) on ``target``."""

    id: int
    at: datetime
    login: str
    role: str
    action: str
    target: str
    detail: str


@dataclass(frozen=True)
class AccessCount:
    """How many lines of the access log one person has for one action, and the oldest of them."""

    action: str
    login: str
    lines: int
    since: datetime


@dataclass(frozen=True)
class Acceptance:
    """A steward's decision on one doubtful row: accepted, or revoked (``revoked``)."""

    id: int
    at: datetime
    login: str
    row_ref: str
    source_key: str
    description: str
    reason: str
    revoked: bool


@dataclass(frozen=True)
class NameDecision:
    """A steward's answer to « le même ? »: two names of a kind are one or two; or the answer taken back (``revoked``).

    ``key``, ``other_key``: what the names are without case, accents and punctuation; ``other_key`` is empty when a name
    resembles nobody's.
    """

    id: int
    at: datetime
    login: str
    kind: str
    key: str
    other_key: str
    name: str
    other_name: str
    is_same: bool
    reason: str
    revoked: bool


@dataclass(frozen=True)
class Comment:
    """A comment on a molecule, for the roles of ``visible_to``; a withdrawn comment is kept, not shown."""

    id: int
    at: datetime
    login: str
    role: str
    subject_id: str
    text: str
    visible_to: tuple[str, ...]


@dataclass(frozen=True)
class Acknowledgement:
    """An alert seen by a person at this level; it shows again only when it worsens (higher ``level``)."""

    id: int
    at: datetime
    login: str
    role: str
    alert_key: str
    level: int
    note: str


@dataclass(frozen=True)
class Evaluation:
    """Points an evaluator gave to one criterion of a declaration, with the reason."""

    id: int
    at: datetime
    login: str
    declaration_no: str
    criterion: str
    points: int
    reason: str


@dataclass(frozen=True)
class Preparation:
    """Préparations magistrales of a subject in a week (its Monday), as an agent counted them; or taken back (``revoked``)."""

    id: int
    at: datetime
    login: str
    subject_id: str
    week: date
    preparations: int
    pharmacies: int | None
    recommendation_on: date | None
    reason: str
    revoked: bool


@dataclass(frozen=True)
class SentAlert:
    """An alert sent to a recipient at this level: it is sent again only when it worsens.

    Channel ``instantane`` is the life of alerts in published snapshots: ``recipient`` is the artefact, level 0 the end of an alert.
    """

    id: int
    at: datetime
    channel: str
    recipient: str
    alert_key: str
    level: int
