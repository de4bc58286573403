"""A load: the account of one reading of a raw file, and its identity."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.base import HEADERS, READING_VERSION
from connectors.reading.load_id import LoadId
from data.intake.raw import Provenance


@dataclass(frozen=True)
class Load:
    """The account of one reading of a raw file; written last, so that a torn load is read again.

    ``rows_in = rows_loaded + rows_quarantined + rows_ignored`` always; ``error`` is set when the file is refused whole.
    ``layout``: version of the partner's template it is written in. ``accounts``: the same four counts, sheet by sheet.
    ``modified_at``, ``saved_at``: the file's own dates (``Provenance``).
    """

    load_id: str
    source: str
    file_name: str
    raw_path: str
    received_at: str
    size_bytes: int
    demo: bool
    sheets: int = 0
    rows_in: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_ignored: int = 0
    layout: int = 1
    error: str = ""
    modified_at: str = ""
    saved_at: str = ""
    accounts: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, list[str]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return bool(self.error)


def load_id(provenance: Provenance, version: int) -> str:
    """Identity of a reading of a raw file; ``version``: of the reader."""
    layout = (HEADERS / f"{provenance.source}.csv").read_bytes() + f"{version}.{READING_VERSION}".encode()
    name, layout_hash = (hashlib.sha256(content).hexdigest() for content in (provenance.name.encode(), layout))
    return str(LoadId.of(provenance.moment, provenance.sha256, name, layout_hash, provenance.modified))


def manifest_path(lake: Path, source: str, identifier: str) -> Path:
    """Where the account of a load is kept."""
    return lake / "_loads" / source / f"{identifier}.json"
