"""The refresh of a few tables that tests of metrics use: the same rows as a whole one, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Home
from tests.light import light
from tests.metrics.test_stops import MARKET, deposit, stop

ASKED = ("stop_register", "stop_transfer")


def test_a_table_asked_alone_is_that_of_a_whole_refresh(home: Home, tmp_path: Path) -> None:
    deposit(home, [stop("A-1")], MARKET)
    alone = Home(tmp_path / "alone")
    with light(*ASKED):
        deposit(alone, [stop("A-1")], MARKET)
    for table in ASKED:
        rows = home.reader().rows(f"SELECT * FROM {table}")
        assert rows
        assert alone.reader().rows(f"SELECT * FROM {table}") == rows
    assert home.reader().has("tipping")
    assert not alone.reader().has("tipping")


def test_what_can_be_checked_still_is(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = tmp_path / "checks"
    checks.mkdir()
    (checks / "never.sql").write_text("-- Jamais d'arrêt.\nSELECT * FROM stop_register\n", encoding="utf-8")
    (checks / "elsewhere.sql").write_text("-- Jamais lu.\nSELECT * FROM tipping\n", encoding="utf-8")
    monkeypatch.setattr("data.building.snapshot.CHECKS", checks)
    with light(*ASKED), pytest.raises(AssertionError, match="Jamais d'arrêt"):
        deposit(home, [stop("A-1")], MARKET)
