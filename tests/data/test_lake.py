"""Read and keep: every raw file read once, its account written last."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pyarrow.parquet as pq
import pytest

from connectors import pointstock
from connectors.base import HEADERS, RawFile, RowIssue, Sheet, tables
from data.intake.raw import Provenance, received, take_inbox
from data.loading import load as load_module
from data.loading import reading
from data.loading.load import Load, load_id, manifest_path
from data.loading.reading import read_all, read_one
from tests.conftest import Home
from tests.connectors.partner_files import titles, write_workbook

pytestmark = pytest.mark.computes("quarantine", "source_state")

NOW = datetime(2026, 11, 17, 5, 10, tzinfo=UTC)
CIP = "3400930000014"
LINES = [["2026-S46", "GROSSISTE A", CIP, None, 100, 70], ["2026-S46", "GROSSISTE A", "123", None, 5, 1]]


@pytest.fixture
def taken(tmp_path: Path) -> tuple[Path, Provenance]:
    """One workbook dropped and taken in."""
    inbox = tmp_path / "inbox" / "pointstock"
    inbox.mkdir(parents=True)
    write_workbook(inbox / "s46.xlsx", {"Stocks": [titles("pointstock", "pointstock_stock"), *LINES]})
    take_inbox(tmp_path / "inbox", tmp_path / "raw", pointstock.SOURCE, NOW)
    ((path, record),) = received(tmp_path / "raw", "pointstock")
    return path, record


def _read(taken: tuple[Path, Provenance], folder: Path) -> Load:
    (load,) = read_all([(pointstock, *taken)], folder, 1, lambda _: None)
    return load


def test_rows_and_quarantined_rows_are_kept_with_their_load(taken: tuple[Path, Provenance], tmp_path: Path) -> None:
    load = _read(taken, tmp_path)
    assert (load.rows_in, load.rows_loaded, load.rows_quarantined, load.rows_ignored) == (2, 1, 1, 0)
    (row,) = pq.read_table(tmp_path / load.files["pointstock_stock"][0]).to_pylist()
    assert (row["week"], row["wholesaler"], row["cip13"]) == (date(2026, 11, 9), "GROSSISTE A", CIP)
    assert (row["stock_boxes"], row["line"], row["load_id"]) == (100.0, 2, load.load_id)
    (issue,) = pq.read_table(tmp_path / load.files["quarantine"][0]).to_pylist()
    assert (issue["line"], issue["column_name"], issue["value"]) == (3, "CIP13", "123")


def test_a_file_already_read_is_not_read_again(
    taken: tuple[Path, Provenance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _read(taken, tmp_path)
    monkeypatch.setattr(pointstock, "read", _never)
    assert _read(taken, tmp_path) == first


def _never(raw: RawFile) -> list[Sheet]:
    raise AssertionError(f"{raw.name} is read again")


@pytest.mark.parametrize("torn", ["", '{"load_id": "2026', "[]", "null"])
def test_a_torn_load_is_read_again(taken: tuple[Path, Provenance], tmp_path: Path, torn: str) -> None:
    first = _read(taken, tmp_path)
    manifest = manifest_path(tmp_path, "pointstock", first.load_id)
    manifest.write_text(torn, encoding="utf-8")
    assert _read(taken, tmp_path) == first
    assert json.loads(manifest.read_text(encoding="utf-8"))["rows_loaded"] == 1


def test_rows_without_their_account_are_read_again(taken: tuple[Path, Provenance], tmp_path: Path) -> None:
    """What a power cut leaves: Parquet files, no manifest."""
    first = _read(taken, tmp_path)
    shutil.rmtree(tmp_path / "_loads")
    assert _read(taken, tmp_path) == first
    assert len(list((tmp_path / "pointstock_stock").rglob("*"))) == 3  # two folders, one file
    assert not list(tmp_path.rglob("*.part"))


def test_the_header_table_and_the_version_change_the_load(
    taken: tuple[Path, Provenance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, record = taken
    version = pointstock.SOURCE.version
    before = load_id(record, version)
    assert load_id(record, version + 1) != before
    headers = tmp_path / "headers"
    shutil.copytree(HEADERS, headers)
    monkeypatch.setattr(load_module, "HEADERS", headers)
    assert load_id(record, version) == before
    with (headers / "pointstock.csv").open("a", encoding="utf-8") as handle:
        handle.write("# une orthographe de plus\n")
    assert load_id(record, version) != before


def test_a_raised_version_reads_the_same_file_again(
    taken: tuple[Path, Provenance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _read(taken, tmp_path)
    monkeypatch.setattr(pointstock, "SOURCE", replace(pointstock.SOURCE, version=pointstock.SOURCE.version + 1))
    again = _read(taken, tmp_path)
    assert again.load_id != first.load_id
    assert again.rows_loaded == first.rows_loaded


def test_loads_sort_by_reception_whatever_their_content() -> None:
    record = Provenance("pointstock", "", "", "a.xlsx", "", "", 1, "0" * 64, demo=False)
    moments = ("2026-11-17T05:10:00+00:00", "2026-11-17T05:10:01+00:00", "2026-11-18T05:10:00+00:00")
    hashes = ("f" * 64, "8" * 64, "0" * 64)
    identifiers = [
        load_id(replace(record, received_at=at, sha256=digest), 1) for at, digest in zip(moments, hashes, strict=True)
    ]
    assert identifiers == sorted(identifiers)
    assert load_id(replace(record, received_at=moments[0], name="b.xlsx"), 1) not in identifiers


def _sheet(*, lost: int) -> Sheet:
    row = dict.fromkeys(f.name for f in tables("pointstock")["pointstock_stock"].fields)
    return Sheet("Stocks", "pointstock_stock", rows=[{**row, "line": 2}], rows_in=1 + lost)


def test_a_reader_that_loses_a_row_is_not_used(
    taken: tuple[Path, Provenance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pointstock, "read", lambda _: [_sheet(lost=1)])
    load = _read(taken, tmp_path)
    assert load.refused
    assert "Lecture incomplète de la feuille Stocks" in load.error
    assert load.files == {}
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_balanced_sheet_with_quarantined_rows_is_used(
    taken: tuple[Path, Provenance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = _sheet(lost=1)
    sheet.quarantined.append(RowIssue("Stocks", 3, "CIP13", "x", "illisible"))
    monkeypatch.setattr(pointstock, "read", lambda _: [sheet])
    assert not _read(taken, tmp_path).refused


def test_a_defect_of_a_reader_refuses_its_file_until_it_is_corrected(
    taken: tuple[Path, Provenance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: RawFile) -> list[Sheet]:
        raise KeyError("colonne")

    with monkeypatch.context() as patched:
        patched.setattr(pointstock, "read", broken)
        load = read_one("connectors.pointstock", *taken, tmp_path)
        assert "erreur du programme" in load.error
    assert _read(taken, tmp_path).rows_loaded == 1


def test_loads_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox" / "pointstock"
    inbox.mkdir(parents=True)
    for number in range(3):
        name = f"{number}.xlsx"
        rows = [[f"2026-S{week}", "GROSSISTE A", CIP, None, number, 1] for week in range(40, 43 - number)]
        write_workbook(inbox / name, {"Stocks": [titles("pointstock", "pointstock_stock"), *rows]})
    take_inbox(tmp_path / "inbox", tmp_path / "raw", pointstock.SOURCE, NOW)
    items: list[tuple[ModuleType, Path, Provenance]] = [
        (pointstock, path, record) for path, record in received(tmp_path / "raw", "pointstock")
    ]
    seen: list[str] = []
    loads = read_all(items, tmp_path / "lake", 2, seen.append)
    assert [load.file_name for load in loads] == [record.name for _, _, record in items]
    assert {load.file_name: load.rows_loaded for load in loads} == {"0.xlsx": 3, "1.xlsx": 2, "2.xlsx": 1}
    assert sorted(seen) == ["0.xlsx", "1.xlsx", "2.xlsx"]


def test_files_are_read_in_processes_whatever_runs_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page under test stands as the main module: reader processes must not start it again."""
    script = tmp_path / "page.py"
    script.write_text("raise SystemExit('run again')")
    main = ModuleType("__main__")
    main.__file__ = str(script)
    monkeypatch.setitem(sys.modules, "__main__", main)
    for number in range(reading.FEW_FILES):
        path = tmp_path / "inbox" / "pointstock" / f"{number}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        row = [f"2026-S{number + 10}", "GROSSISTE A", "3400930000014", None, 100, 70]
        write_workbook(path, {"Stocks": [titles("pointstock", "pointstock_stock"), row]})
    take_inbox(tmp_path / "inbox", tmp_path / "raw", pointstock.SOURCE, datetime(2026, 11, 22, tzinfo=UTC))
    items = [(pointstock, *taken) for taken in received(tmp_path / "raw", "pointstock")]
    loads = read_all(items, tmp_path / "lake", 2, lambda _: None)
    assert [(load.rows_loaded, load.error) for load in loads] == [(1, "")] * reading.FEW_FILES


def test_a_load_whose_rows_are_gone_is_read_again(home: Home) -> None:
    home.drop(
        "pointstock", "s46.xlsx", {"pointstock_stock": [["2026-S46", "GROSSISTE A", "3400930000014", None, 100, 70]]}
    )
    home.refresh()
    for part in (home.path / "lake").rglob("*.parquet"):
        part.unlink()
    home.refresh(date(2026, 11, 23))
    assert home.reader().rows("SELECT rows_loaded FROM source_state WHERE source_key = 'pointstock'") == [
        {"rows_loaded": 1}
    ]
    assert list((home.path / "lake").rglob("*.parquet"))


def test_an_account_of_another_version_is_read_again(home: Home) -> None:
    home.drop(
        "pointstock", "s46.xlsx", {"pointstock_stock": [["2026-S46", "GROSSISTE A", "3400930000014", None, 100, 70]]}
    )
    home.refresh()
    (account,) = (home.path / "lake" / "_loads").rglob("*.json")
    account.write_text(account.read_text().replace('"rows_in"', '"rows_before"'))
    assert home.refresh(date(2026, 11, 23)).exit_code == 0
