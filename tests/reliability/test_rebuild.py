"""Everything is rebuilt from ``raw/`` alone, to the last digit."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from rich.console import Console

from data import demo, warehouse
from data.refresh import Report, refresh
from data.settings import PARIS, Settings
from tests.reliability.killing import differences, marts

DAY = date(2026, 11, 22)


def _refresh(home: Path) -> Report:
    moment = datetime(DAY.year, DAY.month, DAY.day, 6, 10, tzinfo=PARIS)
    report = refresh(Settings(home=home, now=moment), demo_only=True, console=Console(quiet=True))
    assert report.exit_code == 0, report.error
    return report


@pytest.fixture(scope="module")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo read and published once."""
    home = tmp_path_factory.mktemp("rebuilt") / "home"
    demo.generate(home / "inbox", DAY, scale="small")
    _refresh(home)
    return home


def test_figures_come_back_equal_from_raw_alone(small_demo: Path) -> None:
    snapshots = small_demo / "snapshots"
    before = marts(snapshots, str(warehouse.current(snapshots)))
    assert len(before) > 60
    for name in ("inbox", "lake", "snapshots"):
        shutil.rmtree(small_demo / name)
    after = _refresh(small_demo)
    assert differences(before, marts(snapshots, str(after.snapshot))) == []
