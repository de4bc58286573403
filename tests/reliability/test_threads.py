"""A snapshot does not depend on how DuckDB wrote it, threads or optimisers: the same rows and order, to the last digit."""

from __future__ import annotations

import contextlib
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from data import warehouse
from data.refresh import refresh
from data.settings import PARIS, Settings
from tests import worlds
from tests.data import market
from tests.reliability.killing import MOMENTS

Rows = dict[str, list[str]]


def _built(home: Path, day: date, config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Rows:
    """Every row of every table, as stored, of a snapshot built again from the lake."""
    monkeypatch.setattr(warehouse, "BUILD_CONFIG", config)
    shutil.rmtree(home / "snapshots", ignore_errors=True)
    settings = Settings(home=home, now=datetime(day.year, day.month, day.day, 6, 10, tzinfo=PARIS), readers=1)
    report = refresh(settings, demo_only=day == worlds.DEMO_DAY, fetch=False, console=Console(quiet=True))
    assert report.exit_code == 0, report.error
    result = {}
    for artefact in warehouse.ARTEFACTS:
        path = home / "snapshots" / str(report.snapshot) / f"{artefact}.duckdb"
        with contextlib.closing(warehouse.Reader(path, None, 512, 1)) as reader:
            for table in sorted(reader.tables):
                left_out = MOMENTS.get(table, ())
                rows = reader.rows(f"SELECT * FROM {table}")
                result[f"{artefact}.{table}"] = [
                    repr({name: value for name, value in row.items() if name not in left_out}) for row in rows
                ]
    return result


def test_four_threads_write_the_same_tables_of_a_small_market(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seed: two deliveries, corrections and carried figures."""
    home = worlds.linked(market.house_of(tmp_path_factory).home.path, tmp_path / "home")
    _assert_same(home, market.DAY, monkeypatch, rows=500)


@pytest.mark.long
def test_any_number_of_threads_writes_the_same_tables(
    built_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _assert_same(worlds.linked(built_demo, tmp_path / "home"), worlds.DEMO_DAY, monkeypatch, rows=10_000)


def _assert_same(home: Path, day: date, monkeypatch: pytest.MonkeyPatch, *, rows: int) -> None:
    assert worlds.FEW_ROWS["threads"] == 1
    one, four = (_built(home, day, config, monkeypatch) for config in (worlds.FEW_ROWS, {"threads": 4}))
    assert len(one) > 60
    assert sum(map(len, one.values())) > rows
    assert [name for name in one if one[name] != four.get(name)] == []
