"""Take in: untouched copies, once, with their provenance."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import Download, SourceUnavailable
from connectors.pointstock import SOURCE
from data.intake.raw import received, take_downloads, take_inbox

NOW = datetime(2026, 11, 22, 5, 10, tzinfo=UTC)


def _drop(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / "inbox" / "pointstock" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _take(tmp_path: Path, now: datetime = NOW, *, demo_only: bool = False) -> int:
    return take_inbox(tmp_path / "inbox", tmp_path / "raw", SOURCE, now, demo_only=demo_only).files


def test_a_dropped_file_is_copied_byte_for_byte_with_its_record(tmp_path: Path) -> None:
    _drop(tmp_path, "S46 grossiste A.xlsx", b"\x00bytes")
    assert _take(tmp_path) == 1
    ((path, record),) = received(tmp_path / "raw", "pointstock")
    assert path.read_bytes() == b"\x00bytes"
    assert (record.name, record.size_bytes, record.demo) == ("S46 grossiste A.xlsx", 6, False)
    assert record.producer == SOURCE.producer
    assert record.licence == SOURCE.licence
    assert datetime.fromisoformat(record.received_at) == NOW
    assert (tmp_path / "inbox" / "pointstock" / "S46 grossiste A.xlsx").exists()


def test_the_same_bytes_under_another_name_are_taken_once(tmp_path: Path) -> None:
    _drop(tmp_path, "a.xlsx", b"x")
    assert _take(tmp_path) == 1
    _drop(tmp_path, "b.xlsx", b"x")
    assert _take(tmp_path, NOW + timedelta(days=1)) == 0


def test_an_upload_in_progress_waits(tmp_path: Path) -> None:
    for name in (".cache.xlsx", "~$a.xlsx", "a.xlsx.part", "a.xlsx.filepart"):
        _drop(tmp_path, name, name.encode())
    assert _take(tmp_path) == 0


def test_a_name_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    _drop(tmp_path, "a..%2f..%2fetc passwd;rm.xlsx", b"x")
    _take(tmp_path)
    ((path, record),) = received(tmp_path / "raw", "pointstock")
    assert path.parent == tmp_path / "raw" / "pointstock"
    assert record.name == "a..%2f..%2fetc passwd;rm.xlsx"


def test_a_copy_without_its_record_is_taken_again(tmp_path: Path) -> None:
    _drop(tmp_path, "a.xlsx", b"x")
    _take(tmp_path)
    for sidecar in (tmp_path / "raw").rglob("*.prov"):
        sidecar.unlink()
    assert _take(tmp_path) == 1


def test_a_torn_record_is_taken_again(tmp_path: Path) -> None:
    _drop(tmp_path, "a.xlsx", b"x")
    _take(tmp_path)
    for sidecar in (tmp_path / "raw").rglob("*.prov"):
        sidecar.write_text(json.dumps({"source": "pointstock"})[:-4])
    assert _take(tmp_path) == 1


def test_demo_files_are_known_by_their_folder(tmp_path: Path) -> None:
    _drop(tmp_path, "demo/a.xlsx", b"x")
    _drop(tmp_path, "b.xlsx", b"y")
    assert _take(tmp_path, demo_only=True) == 1
    ((_, record),) = received(tmp_path / "raw", "pointstock")
    assert record.demo


def test_a_list_that_comes_back_to_an_earlier_state_is_new(tmp_path: Path) -> None:
    answers = [b"one", b"one", b"two", b"one"]
    kept = [
        take_downloads([Download("liste.txt", "http://x/liste.txt", body)], tmp_path, SOURCE, NOW + timedelta(hours=n))
        for n, body in enumerate(answers)
    ]
    assert kept == [1, 0, 1, 1]
    assert [path.read_bytes() for path, _ in received(tmp_path, "pointstock")] == [b"one", b"two", b"one"]


def _download(tmp_path: Path, *sizes: int, hours: int = 0) -> int:
    answers = [Download(f"{n}.txt", "http://x", b"x" * size + bytes([hours]), 80) for n, size in enumerate(sizes)]
    return take_downloads(answers, tmp_path, SOURCE, NOW + timedelta(hours=hours))


def test_an_answer_much_shorter_than_the_last_ones_is_not_kept(tmp_path: Path) -> None:
    assert _download(tmp_path, 1000, 1000) == 2
    with pytest.raises(SourceUnavailable, match=r"0\.txt.*501 octets au lieu de 1001.*inbox/pointstock"):
        _download(tmp_path, 500, 900, hours=1)
    assert [record.size_bytes for _, record in received(tmp_path, "pointstock")] == [1001, 1001, 901]


def test_an_answer_too_long_once_does_not_bar_the_next_ones(tmp_path: Path) -> None:
    for hours, size in enumerate((1000, 2000, 1000)):
        assert _download(tmp_path, size, hours=hours) == 1
