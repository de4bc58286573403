"""The moment of a refresh, read once and never before what is already recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from data import warehouse
from data.command import Stopped
from data.intake import raw
from data.settings import FIRST_YEAR, LAST_YEAR, PARIS, Settings

# A clock set back by a few minutes is taken as having stood still; further back it is wrong.
CLOCK_TOLERANCE = timedelta(minutes=10)
REPLAY_TOLERANCE = timedelta(days=1)


class WrongClock(Stopped):
    """The machine's clock is before what it has already recorded, or the day to replay is to come."""


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


def check_replay(settings: Settings) -> None:
    """Raises WrongClock for a day to come: what it received or published would be later than every true day."""
    if settings.now and settings.clock > datetime.now(UTC) + REPLAY_TOLERANCE:
        raise WrongClock(
            f"VIGISTOCK_NOW dit {_french(settings.clock)}, un jour à venir : rien n'est pris ni publié. Seul un jour passé se rejoue."
        )


def _recorded(settings: Settings, keys: list[str]) -> Iterator[datetime]:
    """Receptions and publications already dated; the demo's carry the dates of its story and do not count.

    Nor do years of no calendar in use: a snapshot of 9999 would stop every refresh after it.
    """
    for key in keys:
        yield from (
            record.moment
            for _, record in raw.received(settings.raw, key)
            if not record.demo and FIRST_YEAR <= record.moment.year < LAST_YEAR
        )
    for name in reversed(warehouse.published(settings.snapshots)):
        manifest = warehouse.describe(settings.snapshots, name)
        if FIRST_YEAR <= int(name[:4]) < LAST_YEAR and not manifest.get("is_demo"):
            yield datetime.fromisoformat(manifest["built_at"])
            return


def _french(when: datetime) -> str:
    return f"{when.astimezone(PARIS):%d/%m/%Y %H:%M}"
