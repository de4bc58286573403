"""One Atom feed per role (per region for regional agencies): its open alerts, with stable identifiers and true dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from feedgenerator import Atom1Feed

from connectors.language.typography import french
from data.alerts.life import Episode
from data.alerts.reading import Alert, Audience

# A tag URI (RFC 4151) identifies an entry for ever, whatever the address of the server.
_TAG = "tag:vigistock,2026"


@dataclass(frozen=True)
class Head:
    """Metadata of a feed: address of the dashboard (empty: links from the root), moment and kind of the data."""

    public_url: str
    built_at: datetime
    is_demo: bool


class _Feed(Atom1Feed):  # type: ignore[misc]
    """The library dates an empty feed at the present moment: the same content would change at each writing."""

    def latest_post_date(self) -> datetime:
        newest: datetime = max((item["updateddate"] for item in self.items), default=self.feed["built_at"])
        return newest


def atom(audience: Audience, alerts: Sequence[Alert], episodes: Mapping[str, Episode], head: Head) -> str:
    """The feed as XML. Entries: alerts that have an episode, the last changed first."""
    root = head.public_url.rstrip("/")
    mark = " (données fictives)" if head.is_demo else ""
    feed = _Feed(
        title=french(f"Vigistock, alertes : {audience.label}{mark}"),
        link=f"{root}/",
        description=french("Alertes ouvertes, les dernières apparues ou aggravées d'abord."),
        language="fr",
        author_name="Vigistock",
        feed_guid=f"{_TAG}:alertes:{audience.name}",
        built_at=head.built_at,
    )
    for alert, episode in _newest_first(alerts, episodes):
        feed.add_item(
            title=french(
                f"{'[Données fictives] ' if head.is_demo else ''}{alert.title}, {alert.level_label} : {alert.label}"
            ),
            link=f"{root}{alert.address}",
            description=_escaped(f"{alert.sentence[:1].upper()}{alert.sentence[1:]}."),
            unique_id=f"{_TAG}:{episode.began_at.astimezone(UTC):%Y%m%dT%H%M%S%f}:{alert.key}",
            pubdate=episode.began_at.replace(microsecond=0),
            updateddate=episode.worsened_at.replace(microsecond=0),
            categories=(alert.title, alert.level_label),
        )
    return str(feed.writeString("utf-8"))


def _newest_first(alerts: Iterable[Alert], episodes: Mapping[str, Episode]) -> list[tuple[Alert, Episode]]:
    """Compared to the second: alerts of one snapshot keep the order given, gravest first."""
    dated = [(alert, episodes[alert.key]) for alert in alerts if alert.key in episodes]
    return sorted(dated, key=lambda item: item[1].worsened_at.replace(microsecond=0), reverse=True)


def _escaped(text: str) -> str:
    """The library declares summaries as HTML: partner text must not be read as such."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
