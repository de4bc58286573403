"""The moment of a refresh, read once and never before what is already recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from data import warehouse
from data.intake import raw
from data.settings import PARIS, Settings

# A clock set back by a few minutes is taken as having stood still; further back it is wrong.
CLOCK_TOLERANCE = timedelta(minutes=10)


class WrongClock(Exception):
    """The machine's clock is before what it has already recorded; the message is a French sentence."""


def moment(settings: Settings, keys: list[str]) -> datetime:
    """The moment of the refresh, read once. Raises WrongClock.

    ``VIGISTOCK_NOW`` is taken as it is. The machine's own clock never goes back: a file received today would
    otherwise be older than yesterday's, and yesterday's snapshot would be replaced by one with less data.
    """
    if settings.now:
        return settings.clock
    machine = settings.clock
    latest = max((machine, *_recorded(settings, keys)))
    if latest - machine > CLOCK_TOLERANCE:
        raise WrongClock(
            f"L'horloge de la machine dit {_french(machine)}, avant la dernière réception ou publication ({_french(latest)}) : "
            "rien n'est pris ni publié. Remettre la machine à l'heure ; si elle l'est, docs/reliability.md dit comment "
            "redater ce qui l'a été à tort."
        )
    return latest


def _recorded(settings: Settings, keys: list[str]) -> Iterator[datetime]:
    """Receptions and publications already dated; the demo's carry the dates of its story and do not count."""
    for key in keys:
        yield from (record.moment for _, record in raw.received(settings.raw, key) if not record.demo)
    for name in warehouse.published(settings.snapshots)[-1:]:
        manifest = warehouse.describe(settings.snapshots, name)
        if not manifest.get("is_demo"):
            yield datetime.fromisoformat(manifest["built_at"])


def _french(when: datetime) -> str:
    return f"{when.astimezone(PARIS):%d/%m/%Y %H:%M}"
