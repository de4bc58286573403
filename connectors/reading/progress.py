"""How far the reading of a long file has got, for the process that waits for it."""

from __future__ import annotations

from collections.abc import Callable

_watchers: list[Callable[[float], None]] = []


def watch(report: Callable[[float], None] | None) -> None:
    """Receives the part read of the current file, from 0 to 1; None when nobody asks."""
    _watchers[:] = [report] if report else []


def advance(read: int, total: int) -> None:
    """Bytes read of the file, as received."""
    for report in _watchers:
        report(min(1.0, read / total) if total else 1.0)
