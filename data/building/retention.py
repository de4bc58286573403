"""Which snapshots are kept: the newest ones, each once."""

from __future__ import annotations

import shutil
from pathlib import Path

from data import warehouse
from data.refresh_lock import REMOVING


def remove_oldest(snapshots: Path, keep: int, before: str | None) -> None:
    """Remove the oldest snapshots, and the twin of the one in force that a killed refresh named but never published.

    They can all be built again from ``raw/``. ``before``: the snapshot in force when the refresh began.
    """
    now = warehouse.current(snapshots) or ""
    inputs = warehouse.describe(snapshots, now).get("inputs")
    names = sorted(path.name for path in warehouse.folders(snapshots))
    newer = [name for name in names if name > (before or "")]
    twins = [name for name in newer if warehouse.describe(snapshots, name).get("inputs") == inputs]
    for name in {*names[:-keep], *twins} - {now}:
        # One move first: a folder half removed is never taken for a snapshot.
        shutil.rmtree((snapshots / name).rename(snapshots / f"{REMOVING}{name}"), ignore_errors=True)
