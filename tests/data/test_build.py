"""A refresh from dropped files to a published snapshot."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from data import build, warehouse
from data.building import snapshot
from tests.conftest import Home

pytestmark = pytest.mark.computes("source_file", "source_state", "quarantine", "declaration")

CIP = "3400930000014"
STOCKS: list[list[object]] = [["2026-S46", "GROSSISTE A", CIP, None, 100, 70]]


def _snapshots(home: Home) -> Path:
    return home.path / "snapshots"


@pytest.mark.computes
def test_an_empty_home_publishes_an_empty_snapshot(home: Home) -> None:
    report = home.refresh()
    assert report.exit_code == 0
    assert (_snapshots(home) / "current").read_text().strip() == report.snapshot
    assert (_snapshots(home) / str(report.snapshot) / "shared.duckdb").is_file()
    reader = home.reader()
    assert reader.rows("SELECT COUNT(*) AS n FROM declaration") == [{"n": 0}]
    assert {row["state"] for row in reader.rows("SELECT state FROM source_state")} == {"absent"}


def test_unchanged_input_does_nothing(home: Home) -> None:
    home.drop("pointstock", "s46.xlsx", {"pointstock_stock": STOCKS})
    first = home.refresh()
    second = home.refresh()
    assert (first.changed, second.changed) == (True, False)
    assert second.snapshot == first.snapshot
    assert warehouse.published(_snapshots(home)) == [first.snapshot]


def test_a_new_day_is_a_new_snapshot(home: Home) -> None:
    first = home.refresh(date(2026, 11, 21))
    second = home.refresh(date(2026, 11, 22))
    assert first.snapshot != second.snapshot


def test_every_line_of_a_file_is_accounted_for(home: Home) -> None:
    rows: list[list[object]] = [
        *STOCKS,
        [None] * 6,
        ["2026-S46", "GROSSISTE A", "3400930000015", None, 5, 1],
        ["Total", None, None, None, 105, 71],
    ]
    home.drop("pointstock", "s46.xlsx", {"pointstock_stock": rows})
    (line,) = (s for s in home.refresh().sources if s["key"] == "pointstock")
    assert (line["rows_in"], line["rows_loaded"], line["rows_quarantined"], line["rows_ignored"]) == (4, 1, 1, 2)
    (kept,) = home.reader().rows("SELECT * FROM quarantine")
    assert (kept["file_name"], kept["sheet"], kept["line"], kept["column_name"]) == ("s46.xlsx", "Stocks", 4, "CIP13")
    assert kept["value"] == "3400930000015"
    assert "clé" in kept["reason"]


def test_a_refused_file_leaves_its_predecessor_in_force(home: Home) -> None:
    home.drop("pointstock", "s46.xlsx", {"pointstock_stock": STOCKS})
    home.refresh()
    home.drop_text("pointstock", "s47.xlsx", "<html>session expirée</html>")
    report = home.refresh()
    (line,) = (s for s in report.sources if s["key"] == "pointstock")
    assert report.exit_code == 0
    assert "s47.xlsx" in line["error"]
    assert home.reader().rows("SELECT status FROM source_file WHERE file_name = 's47.xlsx'") == [{"status": "refusé"}]
    assert home.reader().rows("SELECT rows_loaded FROM source_state WHERE source_key = 'pointstock'") == [
        {"rows_loaded": 1}
    ]


@pytest.mark.computes
def test_a_failed_check_publishes_nothing(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = home.refresh(date(2026, 11, 21)).snapshot
    checks = tmp_path / "checks"
    checks.mkdir()
    (checks / "never.sql").write_text("-- Ce contrôle refuse tout.\nSELECT 1 AS un")
    monkeypatch.setattr(snapshot, "CHECKS", checks)
    report = home.refresh()
    assert report.exit_code == 1
    assert "Ce contrôle refuse tout." in report.error
    assert warehouse.current(_snapshots(home)) == kept
    assert [path.name for path in _snapshots(home).iterdir() if path.is_dir()] == [kept]


def test_a_damaged_pointer_falls_back_on_the_newest_whole_snapshot(home: Home) -> None:
    published = home.refresh().snapshot
    (_snapshots(home) / "current").write_bytes(b"\xff\x00")
    half = _snapshots(home) / "20261123T000000-00000000"
    half.mkdir()
    assert warehouse.current(_snapshots(home)) == published


def test_real_files_replace_the_demo(home: Home) -> None:
    home.drop("pointstock", "demo/s46.xlsx", {"pointstock_stock": STOCKS})
    home.refresh()
    assert home.reader().rows("SELECT is_demo FROM snapshot_info") == [{"is_demo": True}]
    home.drop("pointstock", "vrai.xlsx", {"pointstock_stock": [["2026-S46", "GROSSISTE B", CIP, None, 7, 1]]})
    home.refresh()
    assert home.reader().rows("SELECT is_demo FROM snapshot_info") == [{"is_demo": False}]
    assert [row["file_name"] for row in home.reader().rows("SELECT file_name FROM source_file")] == ["vrai.xlsx"]


def test_a_past_day_is_built_from_what_was_known_then(home: Home) -> None:
    home.drop("pointstock", "s45.xlsx", {"pointstock_stock": [["2026-S45", "GROSSISTE A", CIP, None, 90, 70]]})
    home.refresh(date(2026, 11, 14))
    home.drop("pointstock", "s46.xlsx", {"pointstock_stock": STOCKS})
    home.refresh(date(2026, 11, 21))
    home.refresh(date(2026, 11, 15))
    assert home.reader().rows("SELECT COUNT(*) AS n FROM source_file") == [{"n": 1}]


def test_the_whole_can_be_built_again_from_raw(home: Home) -> None:
    import shutil

    home.drop("pointstock", "s46.xlsx", {"pointstock_stock": STOCKS})
    home.refresh()
    before = home.reader().rows("SELECT * FROM source_file")
    shutil.rmtree(home.path / "lake")
    shutil.rmtree(home.path / "snapshots")
    shutil.rmtree(home.path / "inbox")
    home.refresh()
    assert home.reader().rows("SELECT * FROM source_file") == before


@pytest.mark.computes
def test_the_command_prints_one_object_last(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.drop("pointstock", "s46.xlsx", {"pointstock_stock": STOCKS})
    code = build.main(["--offline", "--json"])
    printed = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert code == 0
    assert printed["published"] is True
    assert {"key", "files", "rows_in", "rows_loaded", "rows_quarantined", "rows_ignored", "error", "is_open"} == set(
        printed["sources"][0]
    )


def test_an_unknown_source_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build.main(["--sources", "pontstock"])
    assert "pontstock" in capsys.readouterr().err


def test_old_snapshots_go_first(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGISTOCK_KEEP_SNAPSHOTS", "2")
    kept = [home.refresh(date(2026, 11, day)).snapshot for day in (19, 20, 21)]
    assert warehouse.published(_snapshots(home)) == kept[1:]
