"""What this server serves: its settings, and whether its data are invented or all public."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from data import warehouse
from data.settings import Settings
from pages.components.once import Once

_SETTINGS: Once[Settings] = Once(1)


def settings() -> Settings:
    return _SETTINGS.get("settings", Settings)


def is_demo(found: Collection[str]) -> bool | None:
    """Whether everything a session may be given is invented; None when nothing was published. Doubt means real."""
    return all(holds_demo(settings().snapshots, name) for name in found) if found else None


def is_open(found: Collection[str]) -> bool:
    """Whether everything a session may be given is public. Doubt means reserved."""
    return bool(found) and all(holds_open(settings().snapshots, name) for name in found)


def in_force() -> set[str]:
    """Snapshots that a session may be given. Each artefact is asked for: when one is damaged, its readers are given an older snapshot than the others."""
    found = {warehouse.current(settings().snapshots, artefact) for artefact in warehouse.ARTEFACTS}
    return {name for name in found if name}


@lru_cache(maxsize=64)
def holds_demo(folder: Path, snapshot: str) -> bool:
    """Whether one snapshot is invented: written in it for ever."""
    return warehouse.describe(folder, snapshot).get("is_demo") is True


@lru_cache(maxsize=64)
def holds_open(folder: Path, snapshot: str) -> bool:
    """Whether one snapshot is made of public data only: written in it for ever."""
    kept = warehouse.describe(folder, snapshot)
    return kept.get("is_open") is True and kept.get("is_demo") is False
