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
# Raised when the tables of a snapshot change: pages neither read nor compare another shape than theirs.
SCHEMA_VERSION = 8


def published(snapshots: Path, artefact: Artefact | None = None) -> list[str]:
    """Identifiers of complete snapshots, oldest first; their content is not checked (``is_usable`` does)."""
    return sorted(path.name for path in folders(snapshots) if is_whole(path, artefact))


def damaged(snapshots: Path) -> list[str]:
    """Identifiers of snapshots with a missing or truncated part."""
    return sorted(path.name for path in folders(snapshots) if not is_whole(path, None))


def describe(snapshots: Path, snapshot: str) -> dict[str, Any]:
    """The manifest of a snapshot: day, moment, inputs."""
    return _manifest(snapshots / snapshot)


def has_shape_of_pages(snapshots: Path, snapshot: str) -> bool:
    """Whether the tables of a snapshot are those that the queries of this version read."""
    return bool(describe(snapshots, snapshot).get("schema_version") == SCHEMA_VERSION)


def point_to(snapshots: Path, snapshot: str) -> None:
    """Publish: one rename of the pointer."""
    write_atomically(snapshots / "current", f"{snapshot}\n".encode())


def seal(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and hash of each artefact, for the manifest, once both are on the disk. Raises OSError."""
    seals: dict[str, dict[str, Any]] = {}
    for artefact in ARTEFACTS:
        path = folder / f"{artefact}.duckdb"
        if path.with_name(f"{path.name}.wal").exists():
            raise OSError(errno.EIO, "écriture inachevée", str(path))
        sync(path)
        seals[artefact] = {"size_bytes": path.stat().st_size, "sha256": digest_of(path)}
    return seals


def is_whole(folder: Path, artefact: Artefact | None) -> bool:
    """Whether each artefact has the size given by the manifest, which is written last."""
    manifest = _manifest(folder) if SNAPSHOT_NAME.match(folder.name) else {}
    if manifest.get("snapshot_id") != folder.name:
        return False
    try:
        sizes = {name: (folder / f"{name}.duckdb").stat().st_size for name in asked(artefact)}
    except OSError:
        return False
    return all(size == sealed(manifest, name).get("size_bytes", size) for name, size in sizes.items())


def sealed(manifest: dict[str, Any], artefact: Artefact) -> dict[str, Any]:
    """Size and hash of an artefact when it was built; empty for snapshots older than seals."""
    artefacts = manifest.get("artefacts")
    own = artefacts.get(artefact) if isinstance(artefacts, dict) else None
    return own if isinstance(own, dict) else {}


def asked(artefact: Artefact | None) -> tuple[Artefact, ...]:
    """Both artefacts when none is named."""
    return (artefact,) if artefact else ARTEFACTS


def pointed(snapshots: Path) -> str:
    """The snapshot named by the pointer; empty when it is absent or damaged."""
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
        return _read_manifest(path, identity(path))
    except OSError:
        return {}


@lru_cache(maxsize=256)
def _read_manifest(path: Path, _: Identity) -> dict[str, Any]:
    return read_json(path) or {}


def identity(path: Path) -> Identity:
    """Changes when the file is replaced or written. Raises OSError."""
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
