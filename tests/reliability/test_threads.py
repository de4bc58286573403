"""A snapshot does not depend on how DuckDB wrote it, threads or optimisers: the same rows and order, to the last digit."""

from __future__ import annotations

import contextlib
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from data import warehouse
from data.refresh import refresh
from data.settings import PARIS, Settings
from tests import worlds
from tests.reliability.killing import MOMENTS

Rows = dict[str, list[str]]


def _built(home: Path, config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Rows:
    """Every row of every table, as stored, of a snapshot built again from the lake."""
    monkeypatch.setattr(warehouse, "BUILD_CONFIG", config)
    shutil.rmtree(home / "snapshots", ignore_errors=True)
    day = worlds.DEMO_DAY
    settings = Settings(home=home, now=datetime(day.year, day.month, day.day, 6, 10, tzinfo=PARIS))
    report = refresh(settings, demo_only=True, fetch=False, console=Console(quiet=True))
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


@pytest.mark.long
def test_any_number_of_threads_writes_the_same_tables(
    built_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = worlds.linked(built_demo, tmp_path / "home")
    assert worlds.FEW_ROWS["threads"] == 1
    one, four = (_built(home, config, monkeypatch) for config in (worlds.FEW_ROWS, {"threads": 4}))
    assert len(one) > 60
    assert sum(map(len, one.values())) > 10_000
    assert [name for name in one if one[name] != four.get(name)] == []
