"""Retention of snapshots: the newest ones, each once."""

from __future__ import annotations

import shutil
from pathlib import Path

from data import warehouse
from data.refresh_lock import REMOVING


def remove_oldest(snapshots: Path, keep: int, before: str | None) -> None:
    """Remove the oldest snapshots, and the twin of the one in force left by a refresh killed before it published.

    They can all be built again from ``raw/``. ``before``: the snapshot in force when the refresh began.
    """
    now = warehouse.current(snapshots) or ""
    inputs = warehouse.describe(snapshots, now).get("inputs")
    names = sorted(path.name for path in warehouse.folders(snapshots))
    newer = [name for name in names if name > (before or "")]
    twins = [name for name in newer if warehouse.describe(snapshots, name).get("inputs") == inputs]
    for name in {*names[:-keep], *twins} - {now}:
        # Renamed first: a half-removed folder is never taken for a snapshot.
        shutil.rmtree((snapshots / name).rename(snapshots / f"{REMOVING}{name}"), ignore_errors=True)
