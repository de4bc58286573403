"""A published snapshot on the disk: its folder, its manifest, its two sealed artefacts, and the pointer to it."""

from __future__ import annotations

import errno
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from data.files import digest_of, read_json, sync, write_atomically

Artefact = Literal["restricted", "shared"]
ARTEFACTS: tuple[Artefact, ...] = ("restricted", "shared")
SNAPSHOT_NAME = re.compile(r"^\d{8}T\d{6}-[0-9a-f]{8}$")
Identity = tuple[int, int, int]


def published(snapshots: Path, artefact: Artefact | None = None) -> list[str]:
    """Identifiers of whole snapshots, oldest first; their content is not looked at (``is_usable`` does)."""
    return sorted(path.name for path in folders(snapshots) if is_whole(path, artefact))


def damaged(snapshots: Path) -> list[str]:
    """Identifiers of snapshots of which a part is missing or cut."""
    return sorted(path.name for path in folders(snapshots) if not is_whole(path, None))


def describe(snapshots: Path, snapshot: str) -> dict[str, Any]:
    """The manifest of a snapshot: day, moment, inputs."""
    return _manifest(snapshots / snapshot)


def point_to(snapshots: Path, snapshot: str) -> None:
    """Publish: one rename of the pointer."""
    write_atomically(snapshots / "current", f"{snapshot}\n".encode())


def seal(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and hash of each artefact, for the manifest, once both are on the disk. Raises OSError."""
    found: dict[str, dict[str, Any]] = {}
    for artefact in ARTEFACTS:
        path = folder / f"{artefact}.duckdb"
        if path.with_name(f"{path.name}.wal").exists():
            raise OSError(errno.EIO, "écriture inachevée", str(path))
        sync(path)
        found[artefact] = {"size_bytes": path.stat().st_size, "sha256": digest_of(path)}
    return found


def is_whole(folder: Path, artefact: Artefact | None) -> bool:
    """The manifest is written last and says how long each artefact is."""
    told = _manifest(folder) if SNAPSHOT_NAME.match(folder.name) else {}
    if told.get("snapshot_id") != folder.name:
        return False
    try:
        sizes = {name: (folder / f"{name}.duckdb").stat().st_size for name in asked(artefact)}
    except OSError:
        return False
    return all(size == sealed(told, name).get("size_bytes", size) for name, size in sizes.items())


def sealed(manifest: dict[str, Any], artefact: Artefact) -> dict[str, Any]:
    """Size and hash an artefact had when it was built; empty for a snapshot older than seals."""
    found = manifest.get("artefacts")
    of_one = found.get(artefact) if isinstance(found, dict) else None
    return of_one if isinstance(of_one, dict) else {}


def asked(artefact: Artefact | None) -> tuple[Artefact, ...]:
    """Both artefacts when none is named."""
    return (artefact,) if artefact else ARTEFACTS


def pointed(snapshots: Path) -> str:
    """What the pointer names; empty when it is absent or damaged."""
    try:
        name = (snapshots / "current").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return name if SNAPSHOT_NAME.match(name) else ""


def folders(snapshots: Path) -> list[Path]:
    """Folders named as snapshots are, whole or not."""
    if not snapshots.is_dir():
        return []
    return [path for path in snapshots.iterdir() if SNAPSHOT_NAME.match(path.name)]


def _manifest(folder: Path) -> dict[str, Any]:
    """Empty when absent or torn."""
    path = folder / "manifest.json"
    try:
        return _told(path, identity(path))
    except OSError:
        return {}


@lru_cache(maxsize=256)
def _told(path: Path, _: Identity) -> dict[str, Any]:
    return read_json(path) or {}


def identity(path: Path) -> Identity:
    """Changes when the file is replaced or written. Raises OSError."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
