"""Take in: untouched copies, once, with their provenance."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import Download, SourceUnavailable
from connectors.bdpm import SOURCE as BDPM
from connectors.pointstock import SOURCE
from data.intake.inbox import misplaced
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


def _name(path: Path) -> list[str]:
    return [record.name for _, record in received(path / "raw", "pointstock")]


def _dated(tmp_path: Path, name: str, content: bytes, hour: int) -> None:
    """A file last modified at this hour of the day before."""
    _drop(tmp_path, name, content)
    moment = datetime(2026, 11, 21, hour, tzinfo=UTC).timestamp()
    os.utime(tmp_path / "inbox" / "pointstock" / name, (moment, moment))


def test_the_same_bytes_dropped_again_after_a_correction_are_a_new_delivery(tmp_path: Path) -> None:
    _dated(tmp_path, "a.xlsx", b"first", 8)
    assert _take(tmp_path) == 1
    _dated(tmp_path, "b.xlsx", b"correction", 9)
    assert _take(tmp_path, NOW + timedelta(days=1)) == 1
    assert _take(tmp_path, NOW + timedelta(days=2)) == 0  # both are still there: nothing new
    _dated(tmp_path, "c.xlsx", b"first", 8)
    assert _take(tmp_path, NOW + timedelta(days=3)) == 1
    assert _take(tmp_path, NOW + timedelta(days=4)) == 0
    assert _name(tmp_path) == ["a.xlsx", "b.xlsx", "c.xlsx"]


def test_the_same_name_written_again_with_its_first_bytes_is_a_new_delivery(tmp_path: Path) -> None:
    for day, (content, hour) in enumerate(((b"first", 8), (b"correction", 9), (b"first", 10), (b"first", 10))):
        _dated(tmp_path, "a.xlsx", content, hour)
        assert _take(tmp_path, NOW + timedelta(days=day)) == (day < 3)


def test_a_copy_seen_before_the_correction_is_not_a_new_delivery(tmp_path: Path) -> None:
    """Twice the same file, then its correction: the copy must not come back as the last word."""
    _dated(tmp_path, "a.xlsx", b"first", 8)
    _dated(tmp_path, "copie de a.xlsx", b"first", 8)
    assert _take(tmp_path) == 1
    _dated(tmp_path, "b.xlsx", b"correction", 9)
    assert _take(tmp_path, NOW + timedelta(days=1)) == 1
    assert _take(tmp_path, NOW + timedelta(days=2)) == 0


def test_an_inbox_copied_elsewhere_is_not_received_again(tmp_path: Path) -> None:
    for hour, name in enumerate("abcd"):
        _dated(tmp_path, f"{name}.xlsx", name.encode(), hour)
    assert _take(tmp_path) == 4
    for name in "abcd":
        (tmp_path / "inbox" / "pointstock" / f"{name}.xlsx").touch()
    assert [_take(tmp_path, NOW + timedelta(days=day)) for day in (1, 2)] == [0, 0]


def test_an_inbox_tidied_into_folders_is_not_received_again(tmp_path: Path) -> None:
    for hour, name in enumerate("abcd"):
        _dated(tmp_path, f"{name}.xlsx", name.encode(), hour)
    assert _take(tmp_path) == 4
    folder = tmp_path / "inbox" / "pointstock" / "2026"
    folder.mkdir()
    for name in "abcd":
        (folder.parent / f"{name}.xlsx").rename(folder / f"{name}.xlsx")
    assert [_take(tmp_path, NOW + timedelta(days=day)) for day in (1, 2)] == [0, 0]


def test_a_file_left_by_a_killed_refresh_is_one_delivery(tmp_path: Path) -> None:
    """Killed after two copies, before the third: the next refresh takes the third only."""
    for hour, name in enumerate("abc"):
        _dated(tmp_path, f"{name}.xlsx", name.encode(), hour)
    assert _take(tmp_path) == 3
    path = next(path for path, record in received(tmp_path / "raw", "pointstock") if record.name == "c.xlsx")
    path.unlink()
    path.with_name(f"{path.name}.json.prov").unlink()
    assert _take(tmp_path, NOW + timedelta(hours=1)) == 1
    assert _name(tmp_path) == ["a.xlsx", "b.xlsx", "c.xlsx"]
    assert _take(tmp_path, NOW + timedelta(hours=2)) == 0


def test_files_received_together_are_in_the_order_of_their_own_dates(tmp_path: Path) -> None:
    """Whatever their names and the hashes of their contents."""
    from data.loading.load import load_id

    for name, content, hour in (("z.xlsx", b"1", 8), ("m.xlsx", b"2", 9), ("a.xlsx", b"3", 10)):
        _dated(tmp_path, name, content, hour)
    assert _take(tmp_path) == 3
    records = [record for _, record in received(tmp_path / "raw", "pointstock")]
    in_order = sorted(records, key=lambda record: load_id(record, 1))
    assert [record.name for record in in_order] == ["z.xlsx", "m.xlsx", "a.xlsx"]


@pytest.mark.parametrize("folder", ["PointStock", "POINT-STOCK", "pointstock "])
def test_a_folder_that_differs_by_its_case_is_the_folder_of_the_source(tmp_path: Path, folder: str) -> None:
    path = tmp_path / "inbox" / folder / "a.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    assert _take(tmp_path) == 1
    assert misplaced(tmp_path / "inbox", ["pointstock", "iqvia"]) == []


def test_what_is_dropped_elsewhere_is_reported_with_the_likely_folder(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    for name in (
        "iqvia/ok.csv",
        "pointstok/A.xlsx",
        "divers/deep/B.xlsx",
        "pointstock_S46.xlsx",
        "seul.csv",
        "vide/.x",
    ):
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(b"x")
    (inbox / "demo.json").write_text("{}")
    folders = "Dossiers lus : inbox/iqvia/, inbox/pointstock/."
    assert misplaced(inbox, ["pointstock", "iqvia"]) == [
        f"inbox/divers/ : dossier d'aucune source, 1 fichier(s) (B.xlsx) non lus. {folders}",
        (
            "pointstock_S46.xlsx : déposé dans inbox/, hors du dossier d'une source : il n'est pas lu."
            f" Sans doute inbox/pointstock/. {folders}"
        ),
        f"inbox/pointstok/ : dossier d'aucune source, 1 fichier(s) (A.xlsx) non lus. Sans doute inbox/pointstock/. {folders}",
        f"seul.csv : déposé dans inbox/, hors du dossier d'une source : il n'est pas lu. {folders}",
    ]
    assert (
        misplaced(inbox, ["pointstock"], ["iqvia"])[1]
        == "inbox/iqvia/ : source désactivée, 1 fichier(s) (ok.csv) non lus."
    )


def _photograph(tmp_path: Path, name: str, content: bytes, now: datetime = NOW) -> list[str]:
    """Names received once a file of the BDPM was dropped under ``name``."""
    folder = tmp_path / "inbox" / "bdpm"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    take_inbox(tmp_path / "inbox", tmp_path / "raw", BDPM, now)
    return sorted(record.name for _, record in received(tmp_path / "raw", "bdpm"))


def test_a_list_unchanged_on_another_day_is_another_photograph(tmp_path: Path) -> None:
    """The day before a name is what the file says too: without it, the photograph of that day is lost."""
    first, second = "2026-11-01_CIS_CIP_Dispo_Spec.txt", "2026-11-08_CIS_CIP_Dispo_Spec.txt"
    assert _photograph(tmp_path, first, b"list") == [first]
    assert _photograph(tmp_path, second, b"list", NOW + timedelta(hours=1)) == [first, second]
    assert _photograph(tmp_path, second, b"list", NOW + timedelta(hours=2)) == [first, second]


def test_files_dropped_again_under_their_day_are_received(tmp_path: Path) -> None:
    """All renamed at once, as the sentence of a wrong day asks: they are not an inbox that was tidied."""
    names = [f"CIS_{letter}.txt" for letter in "abcd"]
    for name in names:
        _photograph(tmp_path, name, name.encode())
    for name in names:
        (tmp_path / "inbox" / "bdpm" / name).rename(tmp_path / "inbox" / "bdpm" / f"2026-11-01_{name}")
    taken = take_inbox(tmp_path / "inbox", tmp_path / "raw", BDPM, NOW + timedelta(days=1))
    assert taken.files == 4
    assert take_inbox(tmp_path / "inbox", tmp_path / "raw", BDPM, NOW + timedelta(days=2)).files == 0
