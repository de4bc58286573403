"""One Atom feed a role (a region for regional agencies): its open alerts, each with a stable name and honest dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from feedgenerator import Atom1Feed

from data.alerts.life import Episode
from data.alerts.reading import Alert, Audience
from data.alerts.words import french

# A tag URI (RFC 4151) names an entry for ever without depending on the address of the server.
_TAG = "tag:vigistock,2026"


@dataclass(frozen=True)
class Head:
    """What a feed says of itself: address of the dashboard (empty: links from the root), moment and kind of the data."""

    public_url: str
    built_at: datetime
    is_demo: bool


class _Feed(Atom1Feed):  # type: ignore[misc]
    """The library dates a feed without entry at the present moment: the same content would change at each writing."""

    def latest_post_date(self) -> datetime:
        newest: datetime = max((item["updateddate"] for item in self.items), default=self.feed["built_at"])
        return newest


def atom(audience: Audience, alerts: Sequence[Alert], known: Mapping[str, Episode], head: Head) -> str:
    """The feed as XML. Entries: those of ``alerts`` whose episode is known, the last changed first."""
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
    for alert, episode in _newest_first(alerts, known):
        feed.add_item(
            title=french(f"{alert.title}, {alert.level_label} : {alert.label}"),
            link=f"{root}{alert.address}",
            description=_escaped(f"{alert.sentence[:1].upper()}{alert.sentence[1:]}."),
            unique_id=f"{_TAG}:{episode.began_at.astimezone(UTC):%Y%m%dT%H%M%S%f}:{alert.key}",
            pubdate=episode.began_at.replace(microsecond=0),
            updateddate=episode.worsened_at.replace(microsecond=0),
            categories=(alert.title, alert.level_label),
        )
    return str(feed.writeString("utf-8"))


def _newest_first(alerts: Iterable[Alert], known: Mapping[str, Episode]) -> list[tuple[Alert, Episode]]:
    """To the second: alerts of one snapshot keep the order given, gravest first."""
    dated = [(alert, known[alert.key]) for alert in alerts if alert.key in known]
    return sorted(dated, key=lambda item: item[1].worsened_at.replace(microsecond=0), reverse=True)


def _escaped(text: str) -> str:
    """The library declares summaries as HTML: what a partner wrote must not be read as such."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
