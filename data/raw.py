"""Take in: keep an untouched copy of every file received, with where it came from and when."""

from __future__ import annotations

import fnmatch
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from connectors.base import Download, RawFile, Source
from data.files import read_json, write_atomically, write_json

# A partner's upload in progress and what desktop tools leave behind.
PASSING = (".*", "~$*", "*.part", "*.tmp", "*.filepart", "Thumbs.db", "desktop.ini", "LISEZMOI*")


@dataclass(frozen=True)
class Provenance:
    """What is known of one raw file; written beside it as ``<file>.json``."""

    source: str
    producer: str
    licence: str
    name: str
    origin: str
    received_at: str
    size_bytes: int
    sha256: str
    demo: bool

    def raw_file(self, path: Path) -> RawFile:
        return RawFile(self.source, self.name, path, datetime.fromisoformat(self.received_at), self.sha256)


def received(raw: Path, source: str) -> list[tuple[Path, Provenance]]:
    """Files of a source already taken in, oldest first."""
    found = []
    for sidecar in sorted((raw / source).glob("*.json.prov")):
        record = read_json(sidecar)
        path = sidecar.with_name(sidecar.name.removesuffix(".json.prov"))
        if record and record.keys() == Provenance.__dataclass_fields__.keys() and path.exists():
            found.append((path, Provenance(**record)))
    return sorted(found, key=lambda item: (item[1].received_at, item[0].name))


def take_inbox(inbox: Path, raw: Path, source: Source, now: datetime, *, demo_only: bool = False) -> int:
    """Copy what partners dropped in ``inbox/<source>/``; the same bytes twice are taken once. Number taken."""
    known = {provenance.sha256 for _, provenance in received(raw, source.key)}
    taken = 0
    for path in _dropped(inbox / source.key):
        demo = "demo" in path.relative_to(inbox / source.key).parts[:-1]
        if demo_only and not demo:
            continue
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest not in known:
            known.add(digest)
            _keep(raw, _provenance(source, path.name, f"inbox/{source.key}", now, content, digest, demo), content)
            taken += 1
    return taken


def take_downloads(downloads: Iterable[Download], raw: Path, source: Source, now: datetime) -> int:
    """Keep HTTP answers that differ from the last one of the same name. Number kept.

    Only the last one counts: a list that comes back to an earlier state is new information.
    """
    last = {provenance.name: provenance.sha256 for _, provenance in received(raw, source.key)}
    kept = 0
    for download in downloads:
        digest = hashlib.sha256(download.content).hexdigest()
        if last.get(download.name) != digest:
            record = _provenance(source, download.name, download.url, now, download.content, digest, demo=False)
            _keep(raw, record, download.content)
            kept += 1
    return kept


def _dropped(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not any(fnmatch.fnmatch(path.name, p) for p in PASSING):
            yield path


def _provenance(
    source: Source, name: str, origin: str, now: datetime, content: bytes, digest: str, demo: bool
) -> Provenance:
    return Provenance(
        source=source.key,
        producer=source.producer,
        licence=source.licence,
        name=name,
        origin=origin,
        received_at=now.isoformat(),
        size_bytes=len(content),
        sha256=digest,
        demo=demo,
    )


def _keep(raw: Path, provenance: Provenance, content: bytes) -> None:
    """The copy first, its record second: a copy without a record is taken again."""
    safe = re.sub(r"[^\w.\-]+", "_", provenance.name)[-100:]
    stamp = provenance.received_at.replace(":", "").replace("-", "")[:15]
    path = raw / provenance.source / f"{stamp}_{provenance.sha256[:12]}_{safe}"
    write_atomically(path, content)
    write_json(path.with_name(f"{path.name}.json.prov"), asdict(provenance))
