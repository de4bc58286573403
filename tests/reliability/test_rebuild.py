"""Everything is rebuilt from ``raw/`` alone, to the last digit."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from data import warehouse
from data.refresh import Report, refresh
from data.settings import PARIS, Settings
from tests import worlds
from tests.data import market
from tests.reliability.killing import Marts, differences, marts


def _refresh(home: Path, *, demo_only: bool) -> Report:
    day = worlds.DEMO_DAY if demo_only else market.DAY
    moment = datetime(day.year, day.month, day.day, 6, 10, tzinfo=PARIS)
    settings = Settings(home=home, now=moment, readers=1)
    report = refresh(settings, demo_only=demo_only, fetch=False, console=Console(quiet=True))
    assert report.exit_code == 0, report.error
    return report


def _served(home: Path) -> Marts:
    snapshots = home / "snapshots"
    return marts(snapshots, str(warehouse.current(snapshots)))


def _rebuilt(home: Path, *, demo_only: bool) -> Marts:
    for name in ("inbox", "lake", "snapshots"):
        shutil.rmtree(home / name)
    return marts(home / "snapshots", str(_refresh(home, demo_only=demo_only).snapshot))


def test_figures_of_a_small_market_come_back_equal_from_raw_alone(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """The seed: two deliveries, corrections and carried figures, read once and read again."""
    home = worlds.linked(market.house_of(tmp_path_factory).home.path, tmp_path / "home")
    before = _served(home)
    assert len(before) > 60
    assert differences(before, _rebuilt(home, demo_only=False)) == []


@pytest.mark.long
def test_figures_come_back_equal_from_raw_alone(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(worlds.demo_inbox(tmp_path_factory), home / "inbox")
    _refresh(home, demo_only=True)
    before = _served(home)
    assert len(before) > 60
    assert differences(before, _rebuilt(home, demo_only=True)) == []
