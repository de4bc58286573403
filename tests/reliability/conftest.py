"""Small disks made for a test, and a home with one published snapshot."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connectors.language.typography import ordinary
from data import build
from tests.conftest import Home
from tests.pages import conftest as pages

pytest.register_assert_rewrite("tests.reliability.killing")

open_page = pages.open_page
CIP = "3400930000014"
FIRST_MORNING, SECOND_MORNING = "2026-11-22T06:10", "2026-11-23T06:10"


@dataclass
class Disk:
    """A tmpfs: a disk of a few megabytes that can be filled or made read only."""

    path: Path

    def remount(self, options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.path)], check=True, capture_output=True)

    def fill(self, spare_bytes: int = 0) -> None:
        """Leave ``spare_bytes`` free, to the page."""
        left = os.statvfs(self.path)
        with (self.path / ".filler").open("wb") as handle:
            handle.write(b"\0" * max(0, left.f_bavail * left.f_frsize - spare_bytes))

    def spare_names(self, number: int) -> None:
        """Leave room for so many files or folders."""
        left = os.statvfs(self.path)
        self.remount(f"nr_inodes={left.f_files - left.f_ffree + number}")

    def empty(self) -> None:
        (self.path / ".filler").unlink()


@pytest.fixture
def disk() -> Iterator[Callable[[Path], Disk]]:
    """``disk(path)``: a disk of 60 MB mounted there for this test."""
    mounted: list[Path] = []

    def mount(path: Path) -> Disk:
        path.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", str(path)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("only an administrator mounts the small disk of this test")
        mounted.append(path)
        return Disk(path)

    yield mount
    for path in reversed(mounted):
        subprocess.run(["umount", "-l", str(path)], check=True)


@dataclass
class Operator:
    """Someone who drops files and runs the command."""

    home: Home
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def drop(self, name: str) -> Path:
        """A workbook of one line; names make different files."""
        row = ["2026-S46", f"GROSSISTE {name}", CIP, None, 100, 70]
        return self.home.drop("pointstock", name, {"pointstock_stock": [row]})

    def build(self, now: str | None = SECOND_MORNING) -> tuple[int, dict[str, Any]]:
        """Exit code, and the object printed last, in ordinary spaces. ``now`` None: what the machine's clock says."""
        if now:
            self.monkeypatch.setenv("VIGISTOCK_NOW", now)
        else:
            self.monkeypatch.delenv("VIGISTOCK_NOW", raising=False)
        code = build.main(["--offline", "--json"])
        return code, json.loads(ordinary(self.capsys.readouterr().out.splitlines()[-1]))

    @property
    def snapshots(self) -> Path:
        return self.home.path / "snapshots"

    @property
    def served(self) -> list[str]:
        """Files behind the figures that a page would read now."""
        rows = self.home.reader().rows("SELECT file_name FROM source_file WHERE status <> 'refusé' ORDER BY file_name")
        return [row["file_name"] for row in rows]


@pytest.fixture
def operator(home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Operator:
    return Operator(home, capsys, monkeypatch)
