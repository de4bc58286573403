"""One refresh at a time in a home: wait for the lock, then remove what a killed refresh left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from filelock import FileLock, Timeout
from rich.console import Console

from data.command import Stopped
from data.files import clear_parts
from data.settings import Settings

REMOVING = ".removing-"


class Busy(Stopped):
    """Another refresh holds the home; the message is a French sentence."""


@contextmanager
def refresh_lock(settings: Settings, console: Console) -> Iterator[None]:
    """Alone in the home. The system frees the lock of a killed process. Raises Busy."""
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
