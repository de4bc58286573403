"""The index of the search is made as soon as a snapshot is published: the first word typed does not wait for it."""

from __future__ import annotations

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


def prepare(settings: Settings) -> None:
    """The index of each artefact in force; those already made cost nothing."""
    for artefact in warehouse.ARTEFACTS:
        if snapshot := warehouse.current(settings.snapshots, artefact):
            reader = warehouse.reader(
                settings.snapshots, snapshot, artefact, None, settings.serve_memory_mb, settings.serve_threads
            )
            index.prepared(reader, snapshot, artefact)


def _follow(ended: Event) -> None:
    settings = Settings()
    while not ended.is_set():
        # The page that reads it reports what cannot be read.
        with suppress(Exception):
            prepare(settings)
        ended.wait(EVERY_S)
