"""The index of the search is made as soon as a snapshot is published: the first word typed does not wait for it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from data import warehouse
from data.settings import Settings
from pages.components.search import index

EVERY_S = 30.0


@contextmanager
def kept_ready() -> Iterator[None]:
    """While the server runs, beside it."""
    ended = Event()
    Thread(target=_follow, args=(ended,), name="vigistock-search", daemon=True).start()
    try:
        yield
    finally:
        ended.set()
        gc.unfreeze()  # or libraries report as lost what they find still there at the end


def prepare(settings: Settings) -> set[str]:
    """The index of each artefact in force, whose snapshots are returned; those already made cost nothing."""
    found = set()
    for artefact in warehouse.ARTEFACTS:
        if snapshot := warehouse.current(settings.snapshots, artefact):
            reader = warehouse.reader(
                settings.snapshots, snapshot, artefact, None, settings.serve_memory_mb, settings.serve_threads
            )
            index.prepared(reader, snapshot, artefact)
            found.add(snapshot)
    return found


def _follow(ended: Event) -> None:
    settings = Settings()
    known: set[str] = set()
    while not ended.is_set():
        # The page that reads it reports what cannot be read.
        with suppress(Exception):
            found = prepare(settings)
            if found != known:
                _set_aside()
                known = found
        ended.wait(EVERY_S)


def _set_aside() -> None:
    """Libraries and indexes stay as long as they are of use: looking for garbage among them stopped everybody for 0.2 s."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
