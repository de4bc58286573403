"""A small home of valid files, and what of its marts a broken file may not move."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from rich.console import Console

from data import warehouse
from data.files import read_json
from data.refresh import Report, refresh
from data.settings import PARIS, Settings
from data.warehouse import Reader
from tests.fuzz.cases import Case
from tests.fuzz.seeds import SEEDS, others

BEFORE = datetime(2026, 11, 22, 6, 10, tzinfo=PARIS)
AFTER = datetime(2026, 11, 22, 7, 10, tzinfo=PARIS)
KEYS = (
    "subject_id",
    "declaration_no",
    "cip13",
    "group_id",
    "dci_key",
    "cis",
)  # the first one a table has is its subject
# Their file replaces a whole referential, a whole list, a whole month or year: what it no longer holds moves too.
WIDE = ("bdpm", "listes", "medicam", "openmedic", "retrocedam")
Marts = dict[str, Counter[tuple[Any, ...]]]


@dataclass
class Named:
    """What the rows kept of a broken file speak of; ``everything`` when no figure is out of their reach."""

    values: set[str] = field(default_factory=set)
    everything: bool = False


def build(home: Path) -> Report:
    """Every valid file, one refresh."""
    files = {(seed.source, seed.name): seed.content for seed in SEEDS} | others()
    for (source, name), content in files.items():
        drop(home, source, name, content)
    return run(home, BEFORE)


def drop(home: Path, source: str, name: str, content: bytes) -> None:
    path = home / "inbox" / source / (re.sub(r"[/\x00]", "_", name)[-200:] or "_")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def run(home: Path, moment: datetime) -> Report:
    settings = Settings(home=home, now=moment, readers=1)
    return refresh(settings, fetch=False, console=Console(quiet=True))


def copy(built: Path, to: Path) -> None:
    """A home of its own: files written once are linked, the journal is copied, the inbox is empty."""
    shutil.rmtree(to, ignore_errors=True)
    for part in ("raw", "lake", "snapshots"):
        shutil.copytree(built / part, to / part, copy_function=os.link)
    for journal in built.glob("journal.db*"):
        shutil.copy(journal, to)


def receive(home: Path, case: Case) -> Report:
    drop(home, case.source, case.name, case.content)
    return run(home, AFTER)


def reader(home: Path) -> Reader:
    snapshots = home / "snapshots"
    current = warehouse.current(snapshots)
    assert current
    return warehouse.reader(snapshots, current, "restricted", None, 256, 1)


def named(home: Path, marts: Reader, case: Case, weeks: set[Any]) -> Named:
    """Subjects of the rows kept of the last file received: their boxes, groups, declarations, and all their DCI."""
    rows = _kept(home)
    if rows and case.source in WIDE:
        return Named(everything=True)
    keys = {str(cell) for row in rows for name, cell in row.items() if name in KEYS and cell}
    # A week without any report opens for every reporter: the others are then expected, which is no error.
    everything = "*" in keys or bool({row["week"] for row in rows if "week" in row} - weeks)
    boxes = marts.rows(
        "SELECT p.cip13, p.cis, p.dci_key, g.group_id FROM presentation p LEFT JOIN group_presentation g USING (cip13)"
    )
    touched = {row["dci_key"] for row in boxes if keys & {str(value) for value in row.values()}}
    touched |= {word.removeprefix("dci:") for word in keys}
    related = {str(value) for row in boxes if row["dci_key"] in touched for value in row.values()}
    return Named(keys | related | {f"dci:{key}" for key in touched}, everything)


def _kept(home: Path) -> list[dict[str, Any]]:
    accounts = [read_json(path) or {} for path in (home / "lake" / "_loads").rglob("*.json")]
    moment = max(account["received_at"] for account in accounts)
    parts = [
        home / "lake" / part
        for account in accounts
        if account["received_at"] == moment
        for name, result in account["files"].items()
        if name not in ("quarantine", "noted_value")
        for part in result
    ]
    return [row for part in parts for row in pq.read_table(part).to_pylist()]


DICTIONARIES = frozenset({"alternative_item"})  # what each text received means: rows of a text, not of a subject


def marts(reader: Reader, without: Named) -> Marts:
    """Rows of every table that speaks of a subject, but those of the subjects named."""
    result: Marts = {}
    for table in sorted(reader.tables):
        columns = [row["column_name"] for row in reader.rows("SELECT column_name FROM (DESCRIBE " + table + ")")]
        present = [name for name in KEYS if name in columns]
        if present and "load_id" not in columns and table not in DICTIONARIES:
            rows = reader.rows(f"SELECT * FROM {table}")
            result[table] = Counter(
                tuple(str(cell) for cell in row.values())
                for row in rows
                if not without.values & {str(row[name]) for name in present}
            )
    return result
