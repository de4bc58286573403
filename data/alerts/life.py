"""The life of alerts, kept in the journal: when each appeared, worsened, ended, and what was seen or sent since.

An alert that ends and comes back is a new one: what was seen or sent before its end no longer counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from data.alerts.reading import Alert, Audience
from data.journal import Journal
from data.journal.entries import Acknowledgement, SentAlert
from data.warehouse import Artefact

LIFE, MAIL = "instantane", "courriel"
_ENDED = 0


@dataclass(frozen=True)
class Episode:
    """An alert from the snapshot where it appeared to the one where it is gone; ``level``: the highest so far."""

    began_at: datetime
    worsened_at: datetime
    level: int


@dataclass(frozen=True)
class Seen:
    """Alerts of an audience, in the order given: those to show, and those already seen, with who, when and why.

    ``worsened``: keys of alerts to show that had been seen at a lower level.
    """

    unseen: tuple[Alert, ...]
    seen: tuple[tuple[Alert, Acknowledgement], ...]
    worsened: frozenset[str]


def follow(journal: Journal, artefact: Artefact, levels: Mapping[str, int]) -> dict[str, Episode]:
    """Record what appeared, worsened and ended since the last snapshot; ongoing episodes, by key."""
    ongoing = episodes(journal.sent(LIFE, artefact))
    risen = [(key, level) for key, level in levels.items() if key not in ongoing or level > ongoing[key].level]
    ended = [(key, _ENDED) for key in ongoing if key not in levels]
    if risen or ended:
        journal.record_sent(LIFE, artefact, [*ended, *risen])
        ongoing = episodes(journal.sent(LIFE, artefact, list(levels)))
    return {key: ongoing[key] for key in levels}


def under_way(journal: Journal, artefact: Artefact, alerts: Sequence[Alert]) -> dict[str, Episode]:
    """Episodes of these alerts, as last recorded."""
    return episodes(journal.sent(LIFE, artefact, [alert.key for alert in alerts]))


def episodes(rows: Iterable[SentAlert]) -> dict[str, Episode]:
    """Episodes that have not ended, from their records, oldest first."""
    ongoing: dict[str, Episode] = {}
    for row in rows:
        if row.level == _ENDED:
            ongoing.pop(row.alert_key, None)
            continue
        began = ongoing[row.alert_key].began_at if row.alert_key in ongoing else row.at
        ongoing[row.alert_key] = Episode(began, row.at, row.level)
    return ongoing


def sort_out(
    alerts: Sequence[Alert], audience: Audience, acknowledged: Iterable[Acknowledgement], ongoing: Mapping[str, Episode]
) -> Seen:
    """What this audience has seen since each alert appeared."""
    last = {item.alert_key: item for item in acknowledged if item.role == audience.role and item.level > _ENDED}
    mine = {alert.key: last.get(audience.journal_key(alert.key)) for alert in alerts}
    held = {key: item for key, item in mine.items() if item and _counts(item.at, key, ongoing)}
    seen = tuple((a, held[a.key]) for a in alerts if a.key in held and held[a.key].level >= a.level)
    done = {alert.key for alert, _ in seen}
    unseen = tuple(alert for alert in alerts if alert.key not in done)
    return Seen(unseen, seen, frozenset(held) - done)


def to_send(alerts: Sequence[Alert], sent: Iterable[SentAlert], ongoing: Mapping[str, Episode]) -> dict[str, int]:
    """Alerts that this recipient does not have at their level, with the level last sent (0: never)."""
    levels: dict[str, int] = {}
    for row in sent:
        if _counts(row.at, row.alert_key, ongoing):
            levels[row.alert_key] = max(row.level, levels.get(row.alert_key, 0))
    return {alert.key: levels.get(alert.key, 0) for alert in alerts if alert.level > levels.get(alert.key, 0)}


def _counts(at: datetime, key: str, ongoing: Mapping[str, Episode]) -> bool:
    """Whether an action of this moment concerns the ongoing alert, not one that ended before."""
    return key not in ongoing or at >= ongoing[key].began_at


def seen_by(
    journal: Journal, audience: Audience, artefact: Artefact, alerts: Sequence[Alert]
) -> tuple[Seen, dict[str, Episode]]:
    """``sort_out`` with what the journal holds. Raises JournalUnavailable."""
    keys = [audience.journal_key(alert.key) for alert in alerts]
    ongoing = under_way(journal, artefact, alerts)
    return sort_out(alerts, audience, journal.acknowledgements(audience.role, keys), ongoing), ongoing
