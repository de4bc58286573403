"""After a publication: record the life of alerts, write one feed per role. Nothing here stops a refresh."""

from __future__ import annotations

from datetime import datetime

from data import warehouse
from data.alerts import feed, life
from data.alerts.reading import Alert, alerts, every_audience, heard
from data.files import disk_sentence, write_atomically
from data.journal import Journal, JournalUnavailable
from data.settings import Settings
from data.strict import BrokenReference
from data.warehouse import ARTEFACTS, Artefact


def open_alerts(settings: Settings, snapshot: str) -> dict[Artefact, list[Alert]]:
    """Alerts of a published snapshot, in each artefact."""
    return {
        artefact: alerts(
            warehouse.reader(
                settings.snapshots, snapshot, artefact, None, settings.serve_memory_mb, settings.serve_threads
            )
        )
        for artefact in ARTEFACTS
    }


def publish(settings: Settings, snapshot: str) -> list[str]:
    """Once a snapshot is in force; French sentences for what failed, retried at the next refresh."""
    open_by_artefact = open_alerts(settings, snapshot)
    journal = Journal(settings.journal)
    try:
        journal.migrate()
        episodes = {
            artefact: life.follow(journal, artefact, {alert.key: alert.level for alert in mine})
            for artefact, mine in open_by_artefact.items()
        }
        _write_feeds(settings, snapshot, open_by_artefact, episodes)
    except JournalUnavailable as failure:
        return [f"Alertes non datées, flux non réécrits. {failure}"]
    except BrokenReference as failure:
        return [f"Flux d'alertes non réécrits. {failure}"]
    except OSError as failure:
        return [f"Flux d'alertes non réécrits. {disk_sentence(failure, settings.home)}"]
    finally:
        journal.close()
    return []


def _write_feeds(
    settings: Settings,
    snapshot: str,
    open_by_artefact: dict[Artefact, list[Alert]],
    episodes: dict[Artefact, dict[str, life.Episode]],
) -> None:
    """Files whose content did not change are left alone: feed readers compare their dates."""
    head = feed_head(settings, snapshot)
    for audience in every_audience():
        mine = heard(open_by_artefact[audience.artefact], audience)
        content = feed.atom(audience, mine, episodes[audience.artefact], head).encode()
        path = settings.feeds / f"{audience.name}.atom"
        if not path.is_file() or path.read_bytes() != content:
            write_atomically(path, content)


def feed_head(settings: Settings, snapshot: str) -> feed.Head:
    """Metadata of every feed of a snapshot."""
    manifest = warehouse.describe(settings.snapshots, snapshot)
    return feed.Head(
        settings.alerts.public_url, datetime.fromisoformat(manifest["built_at"]), bool(manifest["is_demo"])
    )
