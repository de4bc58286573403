"""A broken file through the real intake: received, read, stored, with its outcome."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq

from connectors.base import Download, RefusedFile, Sheet, discover
from data.intake.raw import received, take_downloads
from data.loading.load import Load
from data.loading.reading import read_one
from tests.fuzz.cases import Case

NOW = datetime(2026, 11, 22, 5, 10, tzinfo=UTC)
Outcome = Literal["loaded whole", "partly quarantined", "all quarantined", "refused"]
Rows = list[dict[str, Any]]


@dataclass
class Reading:
    """``sheets`` is what the connector gave (None when it refused, with ``refusal``); ``load`` is its account."""

    load: Load
    sheets: list[Sheet] | None = None
    refusal: str = ""
    tables: dict[str, list[Any]] = field(default_factory=dict)
    left_behind: list[Path] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.load.refused:
            return "refused"
        if not self.load.rows_quarantined:
            return "loaded whole"
        return "partly quarantined" if self.load.rows_loaded else "all quarantined"

    def sentences(self) -> list[str]:
        """Every sentence to the partner about this file."""
        reasons = [issue.reason for sheet in self.sheets or () for issue in (*sheet.quarantined, *sheet.notes)]
        return [self.refusal, *reasons] if self.refusal else reasons

    def rows(self, *without: str) -> Rows:
        """Rows of every table of the source, without the columns that only tell where they were."""
        return [
            {"table": name, **{key: cell for key, cell in row.items() if key not in ("line", "load_id", *without)}}
            for name, parts in self.tables.items()
            if name not in ("quarantine", "noted_value")
            for part in parts
            for row in part.to_pylist()
        ]


def read(case: Case, folder: Path) -> Reading:
    """The file received, then read by its connector, then read again and kept by the pipeline."""
    shutil.rmtree(folder, ignore_errors=True)
    module = discover()[case.source]
    take_downloads([Download(case.name, "fuzz", case.content)], folder / "raw", module.SOURCE, NOW)
    ((path, provenance),) = received(folder / "raw", case.source)
    lake = folder / "lake"
    try:
        sheets, refusal = module.read(provenance.raw_file(path)), ""
    except RefusedFile as refused:
        sheets, refusal = None, str(refused)
    load = read_one(module.__name__, path, provenance, lake)
    tables_read = {name: [pq.read_table(lake / part) for part in parts] for name, parts in load.files.items()}
    return Reading(load, sheets, refusal, tables_read, list(lake.rglob("*.parquet")))
