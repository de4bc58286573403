"""The e-mail of one recipient: what is new or worse, gravest first, in plain text and in simple HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from html import escape
from itertools import groupby

from connectors.language.typography import french
from data.alerts.reading import Alert
from data.alerts.words import count

MOST_LISTED = 60


@dataclass(frozen=True)
class Digest:
    """``alerts``: to send, gravest first. ``before``: level each was last sent at (0: never). ``open_too``: other open ones."""

    alerts: Sequence[Alert]
    before: Mapping[str, int]
    open_too: int
    readers: str
    as_of: date
    is_demo: bool
    public_url: str

    @property
    def counts(self) -> str:
        """« 3 alertes nouvelles, 1 aggravée »."""
        worse = sum(1 for alert in self.alerts if self.before[alert.key])
        new = len(self.alerts) - worse
        parts = [count(new, "alerte nouvelle", "alertes nouvelles")] if new else []
        noun = ("aggravée", "aggravées") if new else ("alerte aggravée", "alertes aggravées")
        return ", ".join([*parts, *([count(worse, *noun)] if worse else [])])

    @property
    def subject(self) -> str:
        grave = sum(1 for alert in self.alerts if alert.level == 3)
        share = f" (dont {count(grave, 'grave', 'graves')})" if grave else ""
        return french(f"{'[Données fictives] ' if self.is_demo else ''}Vigistock : {self.counts}{share}")


def message(digest: Digest, sender: str, recipient: str) -> EmailMessage:
    """Ready to send; the plain and HTML texts hold the same."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = digest.subject, sender, recipient
    mail["Auto-Submitted"] = "auto-generated"  # no out-of-office reply
    mail.set_content(plain(digest))
    mail.add_alternative(html(digest), subtype="html")
    return mail


def plain(digest: Digest) -> str:
    """Text, one paragraph per alert with its address."""
    lines = [*_opening(digest), ""]
    for label, group in _by_level(digest):
        lines += [label.upper(), ""]
        for alert in group:
            lines += [f"- {_words(alert, digest)}", *([f"  {link}"] if (link := _link(alert, digest)) else []), ""]
    return "\n".join([*lines, *_closing(digest), ""])


def html(digest: Digest) -> str:
    """The same as simple HTML: what partners wrote is escaped, nothing is fetched."""
    parts = [f"<p>{escape(line)}</p>" for line in _opening(digest)]
    for label, group in _by_level(digest):
        items = "".join(f"<li>{_linked(alert, digest)}</li>" for alert in group)
        parts.append(f"<h2>{escape(label[:1].upper() + label[1:])}</h2><ul>{items}</ul>")
    parts += [f"<p>{escape(line)}</p>" for line in _closing(digest)]
    return f'<!DOCTYPE html><html lang="fr"><body style="font-family:sans-serif">{"".join(parts)}</body></html>'


def _opening(digest: Digest) -> list[str]:
    mark = ["Données fictives : laboratoires, stocks, ventes et déclarations sont inventés."] if digest.is_demo else []
    return [french(line) for line in [*mark, f"Données au {digest.as_of:%d/%m/%Y} : {digest.counts}."]]


def _closing(digest: Digest) -> list[str]:
    unlisted = len(digest.alerts) - MOST_LISTED
    rest = (
        [f"Et {count(unlisted, 'autre alerte', 'autres alertes')}, à lire dans la revue du jour."]
        if unlisted > 0
        else []
    )
    others = count(
        digest.open_too, "autre alerte ouverte, déjà envoyée ou vue", "autres alertes ouvertes, déjà envoyées ou vues"
    )
    seen = [f"{others}."] if digest.open_too else []
    return [
        french(line)
        for line in [
            *rest,
            *seen,
            *([f"Revue du jour : {digest.public_url.rstrip('/')}/"] if digest.public_url else []),
            f"Message automatique pour : {digest.readers}. Une alerte n'est envoyée à nouveau que si elle s'aggrave.",
        ]
    ]


def _by_level(digest: Digest) -> list[tuple[str, list[Alert]]]:
    listed = list(digest.alerts[:MOST_LISTED])
    return [(label, list(group)) for label, group in groupby(listed, key=lambda alert: alert.level_label)]


def _words(alert: Alert, digest: Digest) -> str:
    worse = " [aggravée]" if digest.before[alert.key] else ""
    return french(f"{alert.title}. {alert.label} : {alert.sentence}.{worse}")


def _linked(alert: Alert, digest: Digest) -> str:
    words, link = escape(_words(alert, digest)), _link(alert, digest)
    return f'{words} <a href="{escape(link)}">Ouvrir</a>' if link else words


def _link(alert: Alert, digest: Digest) -> str:
    return f"{digest.public_url.rstrip('/')}{alert.address}" if digest.public_url else ""
