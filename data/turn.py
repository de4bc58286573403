"""One refresh at a time in a home: waiting for its turn, tidying what a killed one left, and not believing any clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout
from rich.console import Console

from data import raw, warehouse
from data.files import clear_parts
from data.settings import PARIS, Settings

# A clock corrected by a few minutes is believed to have stood still; further back it is wrong.
CLOCK_TOLERANCE = timedelta(minutes=10)
REMOVING = ".removing-"


class Busy(Exception):
    """Another refresh holds the home; the message is a sentence in French."""


class WrongClock(Exception):
    """The machine says a moment before what it has already recorded; the message is a sentence in French."""


@contextmanager
def turn(settings: Settings, console: Console) -> Iterator[None]:
    """Alone in the home. The system itself frees the lock of a process that was killed. Raises Busy."""
    settings.snapshots.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.snapshots / ".lock")
    _wait(lock, settings.lock_wait_seconds, console)
    try:
        _tidy(settings)
        yield
    finally:
        lock.release()


def _wait(lock: FileLock, seconds: float, console: Console) -> None:
    with suppress(Timeout):
        lock.acquire(timeout=0)
        return
    console.print("Un autre rafraîchissement est en cours : attente de sa fin…")
    try:
        lock.acquire(timeout=seconds)
    except Timeout as failure:
        raise Busy(f"Un autre rafraîchissement est en cours depuis plus de {seconds:g} s : à relancer.") from failure


def _tidy(settings: Settings) -> None:
    for folder in (settings.raw, settings.lake, settings.snapshots, settings.feeds):
        clear_parts(folder)
    for path in settings.snapshots.glob(".*-*"):
        if path.name.startswith((".building-", REMOVING)):
            shutil.rmtree(path)


def moment(settings: Settings, keys: list[str]) -> datetime:
    """The moment of the refresh, read once. Raises WrongClock.

    A moment asked for (``VIGISTOCK_NOW``) is taken as it is. The machine's own never goes back: a file that arrives
    today would otherwise be older than yesterday's, and yesterday's snapshot would be replaced by one that knows less.
    """
    if settings.now:
        return settings.clock
    machine = settings.clock
    latest = max((machine, *_recorded(settings, keys)))
    if latest - machine > CLOCK_TOLERANCE:
        raise WrongClock(
            f"L'horloge de la machine dit {_told(machine)}, avant la dernière réception ou publication ({_told(latest)}) : "
            "rien n'est pris ni publié. Remettre la machine à l'heure ; si elle l'est, docs/reliability.md dit comment "
            "redater ce qui l'a été à tort."
        )
    return latest


def _recorded(settings: Settings, keys: list[str]) -> Iterator[datetime]:
    """Receptions and publications already dated; the demo's are dated on the day of its story."""
    for key in keys:
        yield from (record.moment for _, record in raw.received(settings.raw, key) if not record.demo)
    for name in warehouse.published(settings.snapshots)[-1:]:
        told = warehouse.describe(settings.snapshots, name)
        if not told.get("is_demo"):
            yield datetime.fromisoformat(told["built_at"])


def _told(moment_: datetime) -> str:
    return f"{moment_.astimezone(PARIS):%d/%m/%Y %H:%M}"


def forget(snapshots: Path, keep: int, before: str | None) -> None:
    """Remove the oldest snapshots, and the twin of the one in force that a killed refresh named but never published.

    They can all be built again from ``raw/``. ``before``: the snapshot in force when the refresh began.
    """
    now = warehouse.current(snapshots) or ""
    inputs = warehouse.describe(snapshots, now).get("inputs")
    known = sorted(path.name for path in warehouse.folders(snapshots))
    newer = [name for name in known if name > (before or "")]
    twins = [name for name in newer if warehouse.describe(snapshots, name).get("inputs") == inputs]
    for name in {*known[:-keep], *twins} - {now}:
        # One move first: a folder half removed is never taken for a snapshot.
        shutil.rmtree((snapshots / name).rename(snapshots / f"{REMOVING}{name}"), ignore_errors=True)
