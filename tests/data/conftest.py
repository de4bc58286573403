"""The small demo world, written and read once for every test that looks into it; a copy of the reference files to break."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from connectors import base
from data.demo.world import build_world
from data.strict import reading
from tests import worlds
from tests.worlds import DEMO_DAY

ORIGINALS = reading.REFERENCE
KINDS = {".toml", ".csv", ".json", ".geojson"}
FILES = sorted(path.relative_to(ORIGINALS).as_posix() for path in ORIGINALS.rglob("*") if path.suffix in KINDS)
Rows = dict[str, list[dict[str, Any]]]
Reading = tuple[Rows, list[base.RowIssue]]


def read_files(inbox: Path, day: date = DEMO_DAY) -> Reading:
    """Rows by table and quarantined rows of every file under the inbox, received on that day; a refused file raises."""
    received = datetime.combine(day, time(12), UTC)
    rows: Rows = defaultdict(list)
    quarantined: list[base.RowIssue] = []
    for key, module in base.discover().items():
        for path in sorted((inbox / key).rglob("*.*")):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            for sheet in module.read(base.RawFile(key, path.name, path, received, digest)):
                assert sheet.balanced
                rows[sheet.table] += sheet.rows
                quarantined += sheet.quarantined
    return rows, quarantined


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy for the whole module, so that files which a test leaves alone are parsed once."""
    hidden = shutil.ignore_patterns("*.py", "__pycache__")
    return shutil.copytree(ORIGINALS, tmp_path_factory.mktemp("copied") / "reference", ignore=hidden)


@pytest.fixture
def reference(copied: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The copy, which everything reads in place of the files of the project; put back afterwards."""
    monkeypatch.setattr(reading, "REFERENCE", copied)
    yield copied
    for name in FILES:
        path, original = copied / name, ORIGINALS / name
        if path.is_dir():
            path.rmdir()
        if not path.exists() or path.stat().st_mtime_ns != original.stat().st_mtime_ns:
            shutil.copy2(original, path)


@pytest.fixture(scope="session")
def demo_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return worlds.demo_inbox(tmp_path_factory)


@pytest.fixture(scope="session")
def demo_loaded(demo_inbox: Path) -> Reading:
    return read_files(demo_inbox)


@pytest.fixture(scope="session")
def demo_tables(demo_loaded: Reading) -> Rows:
    return demo_loaded[0]


@pytest.fixture(scope="session")
def demo_boxes() -> dict[str, list[str]]:
    """CIP13 of each group or DCI, tracked in the stock files."""
    boxes = defaultdict(list)
    for item in build_world(2026, DEMO_DAY, "small").tracked:
        boxes[item.molecule.key].append(item.cip13)
    return boxes


@pytest.fixture(scope="session")
def read_demo() -> Callable[..., Reading]:
    """The function itself, for tests that write a world of their own."""
    return read_files
