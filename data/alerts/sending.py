"""``python -m data.alerts --send``: to each recipient, what is new or worse since their last message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from filelock import FileLock, Timeout

from connectors.language.typography import french
from data import warehouse
from data.alerts import digest, life, post
from data.alerts.digest import Digest
from data.alerts.publishing import open_alerts
from data.alerts.reading import Alert, Audience, heard
from data.alerts.words import count
from data.files import disk_sentence
from data.journal import Journal, JournalUnavailable
from data.settings import Settings
from data.strict import BrokenReference
from data.warehouse import Artefact


@dataclass(frozen=True)
class Recipient:
    """An address with every audience it is listed under: one person, one message."""

    address: str
    audiences: tuple[Audience, ...]

    @property
    def readers(self) -> str:
        return " ; ".join(audience.label for audience in self.audiences)


def send(settings: Settings) -> list[str]:
    """French sentences for what was sent and what was not; none without a configured server or anything new.

    What the server refused is sent by the next call. Only one process sends at a time.
    """
    if not settings.alerts.smtp_host:
        return []
    snapshot = warehouse.current(settings.snapshots)
    if snapshot is None:
        return []
    journal = Journal(settings.journal)
    try:
        journal.migrate()
        with FileLock(settings.snapshots / ".alerts.lock", timeout=0):
            return _send(settings, snapshot, journal)
    except Timeout:
        return ["Courriels d'alerte : un autre envoi est en cours."]
    except JournalUnavailable as failure:
        return [
            french(f"Courriels d'alerte interrompus : sans le journal, rien ne dit ce qui est déjà parti. {failure}")
        ]
    except (BrokenReference, OSError) as failure:
        why = disk_sentence(failure, settings.home) if isinstance(failure, OSError) else str(failure)
        return [french(f"Courriels d'alerte non envoyés. {why}")]
    finally:
        journal.close()


def recipients(settings: Settings) -> list[Recipient]:
    """Addresses of the configuration, each once."""
    audiences_by_address: dict[str, list[Audience]] = {}
    for name, addresses in settings.alerts.recipients.items():
        for address in addresses:
            audiences_by_address.setdefault(address, []).append(Audience.named(name))
    return [Recipient(address, tuple(audiences)) for address, audiences in audiences_by_address.items()]


def _send(settings: Settings, snapshot: str, journal: Journal) -> list[str]:
    addressees = recipients(settings)
    digests = _digests(settings, snapshot, journal, addressees)
    messages = {
        address: digest.message(content, settings.alerts.sender, address) for address, content in digests.items()
    }
    outcome = post.deliver(settings.alerts, messages, partial(_record, journal, digests))
    return _report(outcome, digests, addressees)


def _record(journal: Journal, digests: Mapping[str, Digest], address: str) -> None:
    """Recorded as soon as the server accepts the message: an interruption repeats one message at most."""
    journal.record_sent(life.MAIL, address, [(alert.key, alert.level) for alert in digests[address].alerts])


def _digests(settings: Settings, snapshot: str, journal: Journal, addressees: list[Recipient]) -> dict[str, Digest]:
    """By address, for those with something new or worse."""
    open_by_artefact = open_alerts(settings, snapshot)
    info = warehouse.describe(settings.snapshots, snapshot)
    digests: dict[str, Digest] = {}
    for recipient in addressees:
        unseen, mine = _unseen(journal, recipient, open_by_artefact)
        before = _before(journal, recipient, unseen)
        unsent = [alert for alert in unseen if alert.key in before]
        if unsent:
            digests[recipient.address] = Digest(
                unsent,
                before,
                mine - len(unsent),
                recipient.readers,
                date.fromisoformat(info["as_of"]),
                bool(info["is_demo"]),
                settings.alerts.public_url,
            )
    return digests


def _unseen(
    journal: Journal, recipient: Recipient, open_by_artefact: Mapping[Artefact, list[Alert]]
) -> tuple[list[Alert], int]:
    """Alerts of an address unseen by at least one of its audiences, gravest first; number of its open alerts."""
    unseen: dict[str, Alert] = {}
    every: set[str] = set()
    for audience in recipient.audiences:
        mine = heard(open_by_artefact[audience.artefact], audience)
        seen, _ = life.seen_by(journal, audience, audience.artefact, mine)
        unseen |= {alert.key: alert for alert in seen.unseen}
        every |= {alert.key for alert in mine}
    return sorted(unseen.values(), key=lambda alert: -alert.level), len(every)


def _before(journal: Journal, recipient: Recipient, alerts: list[Alert]) -> dict[str, int]:
    """Alerts this address has not received at their level, with the level last sent."""
    sent = journal.sent(life.MAIL, recipient.address, [alert.key for alert in alerts])
    episodes = {
        key: episode
        for artefact in {audience.artefact for audience in recipient.audiences}
        for key, episode in life.under_way(journal, artefact, alerts).items()
    }
    return life.to_send(alerts, sent, episodes)


def _report(outcome: post.Outcome, digests: Mapping[str, Digest], addressees: list[Recipient]) -> list[str]:
    """No address is written: the report of a refresh is shown on a page and in the server's output."""
    rank = {recipient.address: number for number, recipient in enumerate(addressees, start=1)}
    sentences = []
    if outcome.sent:
        alerts = sum(len(digests[address].alerts) for address in outcome.sent)
        messages = count(len(outcome.sent), "message envoyé", "messages envoyés")
        sentences.append(f"Courriels d'alerte : {messages}, {count(alerts, 'alerte', 'alertes')}.")
    sentences.extend(
        f"Courriel d'alerte refusé (code {code}) : adresse n° {rank[address]} de la configuration "
        f"({next(r.readers for r in addressees if r.address == address)}) ; nouvel essai au prochain rafraîchissement."
        for address, code in outcome.refused.items()
    )
    left = len(digests) - len(outcome.sent) - len(outcome.refused)
    if outcome.failure:
        kept = count(left, "message reste", "messages restent")
        sentences.append(
            f"Courriels d'alerte non envoyés : {outcome.failure}. {kept} à envoyer au prochain rafraîchissement."
        )
    return [french(sentence) for sentence in sentences]
