"""Public sources over loopback: asked for only when they changed, left alone when they ask, never half kept."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from connectors import medicam, openmedic, retrocedam, sentinelles
from connectors.base import Download, FetchSettings, SourceUnavailable, Validators
from connectors.reading.http import Http, HttpLimits
from data.demo.old_workbook import old_workbook
from data.intake import raw
from tests.connectors.partner_files import SAMPLES
from tests.connectors.test_http import FAST, body, no_proxy, serving

__all__ = ["no_proxy"]

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)
OPEN_MEDIC = gzip.compress((SAMPLES / "openmedic" / "OPEN_MEDIC_2024.CSV").read_bytes(), mtime=0)
NB = b"CIP13;l_cip13;nbc;REM;BSE;BOITES\n3400921600506;X;3;1;1;9\n"
HALF_YEAR = "2026-01-a-06_medic-am-par-type-de-prescripteur_serie-mensuelle.zip"
Files = dict[str, bytes]


class Folder:
    """A server of files with their validators, and of the page that lists them; counts what it gives whole."""

    def __init__(self, files: Files, page: str = "/", *, etags: bool = True, token: str = "") -> None:
        self.files, self.page, self.etags, self.token = files, page, etags, token
        self.given: list[str] = []
        self.asked: list[tuple[str, str]] = []

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        path, _, query = handler.path.partition("?")
        if path == self.page or (self.token and path.endswith((".php",)) and "file=" not in query):
            links = "".join(f'<a href="{self._link(name)}">{name}</a>' for name in self.files)
            body(
                f"<!doctype html><html>{links}<a href='http://ailleurs.invalid/{next(iter(self.files))}'>x</a></html>".encode()
            )(handler)
            return
        name = (query if self.token else path).rpartition("/")[2]
        tag = f'"{len(self.files.get(name, b""))}"'
        self.asked.append((name, handler.headers.get("If-None-Match", "")))
        if name not in self.files:
            body(status=404)(handler)
        elif self.etags and handler.headers.get("If-None-Match") == tag:
            handler.send_response(304)
            handler.end_headers()
        else:
            self.given.append(name)
            headers: dict[str, Any] = {"ETag": tag} if self.etags else {}
            body(self.files[name], **headers)(handler)

    def _link(self, name: str) -> str:
        return f"./download_file.php?token={self.token}&amp;file=Dossier/{name}" if self.token else name


def fetched(module: ModuleType, url: str, folder: Path, day: date = TODAY, *, is_mirror: bool = True) -> int:
    """Files kept by one reading of a source, as a refresh does it."""
    known = raw.known_answers(folder, module.SOURCE.key)
    target = FetchSettings(url, day, is_mirror=is_mirror, known=known)
    moment = NOW + (day - TODAY)
    return raw.take_downloads(module.fetch(Http(FAST), target), folder, module.SOURCE, moment)


def names(folder: Path, module: ModuleType) -> set[str]:
    return {record.name for _, record in raw.received(folder, module.SOURCE.key)}


SOURCES: dict[ModuleType, Files] = {
    openmedic: {"OPEN_MEDIC_2024.CSV.gz": OPEN_MEDIC, "NB_2024_cip13.CSV.gz": gzip.compress(NB, mtime=0)},
    medicam: {HALF_YEAR: old_workbook({"MedicAM_tous_presc": [["CIP13"]]})},
    retrocedam: {"2017-a-2025_retroced-am_serie-annuelle..xlsx": b"PK" + b"x" * 400},
}


@pytest.mark.parametrize("module", SOURCES, ids=lambda module: module.SOURCE.key)
def test_a_mirror_that_lists_its_files_is_read_once_until_they_change(module: ModuleType, tmp_path: Path) -> None:
    folder = Folder({**SOURCES[module], "LISEZMOI.txt": b"rien"})
    with serving(folder) as (url, _):
        assert fetched(module, url, tmp_path) == len(SOURCES[module])
        assert names(tmp_path, module) == set(SOURCES[module])  # neither the note nor the file of another host
        assert fetched(module, url, tmp_path, TODAY + timedelta(days=1)) == 0
        assert len(folder.given) == len(SOURCES[module])
        name = next(iter(SOURCES[module]))
        folder.files[name] += b"\0" * 9
        assert fetched(module, url, tmp_path, TODAY + timedelta(days=2)) == 1
        assert folder.given[-1] == name


def test_an_answer_304_is_a_look_of_that_day(tmp_path: Path) -> None:
    """As is a body that is the same: the copy kept is what the producer gives, and the source is not a day old."""
    folder = Folder(dict(SOURCES[openmedic]))
    later = [TODAY + timedelta(days=days) for days in (1, 2)]
    with serving(folder) as (url, _):
        assert fetched(openmedic, url, tmp_path) == 2
        assert raw.looks(tmp_path, "openmedic") == []  # received that day
        fetched(openmedic, url, tmp_path, later[0])
        fetched(openmedic, url, tmp_path, later[0])
        folder.files["NB_2024_cip13.CSV.gz"] += b"\0"
        assert fetched(openmedic, url, tmp_path, later[1]) == 1
    assert raw.looks(tmp_path, "openmedic") == [
        (raw.WHOLE, later[0]),
        ("NB_2024_cip13.CSV.gz", later[0]),
        ("OPEN_MEDIC_2024.CSV.gz", later[0]),
        ("OPEN_MEDIC_2024.CSV.gz", later[1]),
    ]


def test_a_source_read_in_part_was_not_looked_at_whole(tmp_path: Path) -> None:
    folder = Folder(series())
    with serving(folder) as (url, _):
        fetched(sentinelles, url, tmp_path)
        del folder.files["incidence-RDD-3.csv"]
        with pytest.raises(SourceUnavailable, match=r"incidence-RDD-3.csv"):
            fetched(sentinelles, url, tmp_path, TODAY + timedelta(days=1))
    found = dict(raw.looks(tmp_path, "sentinelles"))
    assert len(found) == 7
    assert raw.WHOLE not in found


def test_a_copy_that_was_removed_is_asked_for_again(tmp_path: Path) -> None:
    folder = Folder(dict(SOURCES[medicam]))
    with serving(folder) as (url, _):
        fetched(medicam, url, tmp_path)
        for path in (tmp_path / "medicam").glob("*_medic*"):
            path.unlink()
        assert fetched(medicam, url, tmp_path, TODAY + timedelta(days=1)) == 1


def test_a_server_without_validators_is_asked_again_after_a_month_only(tmp_path: Path) -> None:
    folder = Folder({"OPEN_MEDIC_2024.CSV.gz": OPEN_MEDIC}, etags=False)
    with serving(folder) as (url, _):
        for days in (0, 1, 29):
            fetched(openmedic, url, tmp_path, TODAY + timedelta(days=days))
        assert len(folder.given) == 1
        fetched(openmedic, url, tmp_path, TODAY + timedelta(days=30))
        assert len(folder.given) == 2


def test_the_pages_of_the_producer_give_links_that_hold_a_token(tmp_path: Path) -> None:
    """The token changes at each reading: the file is recognised by its name."""
    folder = Folder(
        {"OPEN_MEDIC_2025.zip": OPEN_MEDIC, "NB_2024_cip13_reg.CSV.gz": OPEN_MEDIC, "NB_2024_atc5.CSV.gz": NB},
        token="a1",
    )
    with serving(folder) as (url, asked):
        assert fetched(openmedic, f"{url}/medicaments", tmp_path, is_mirror=False) == 2
        folder.token = "b2"
        assert fetched(openmedic, f"{url}/medicaments", tmp_path, TODAY + timedelta(days=1), is_mirror=False) == 0
    assert names(tmp_path, openmedic) == {"OPEN_MEDIC_2025.zip", "NB_2024_cip13_reg.CSV.gz"}
    assert any("Dir_Rep=Open_MEDIC_Base_Complete&Annee=2025" in call["path"] for call in asked)
    assert {tag for name, tag in folder.asked if name == "OPEN_MEDIC_2025.zip"} == {"", f'"{len(OPEN_MEDIC)}"'}


def test_a_page_without_the_files_expected_is_reported(tmp_path: Path) -> None:
    with serving(Folder({"autre.csv": b"x"})) as (url, _):
        for module, words in ((openmedic, "OPEN_MEDIC_<année>"), (medicam, "medic-am"), (retrocedam, "retroced-am")):
            with pytest.raises(SourceUnavailable, match=words):
                fetched(module, url, tmp_path)


SERIES = (SAMPLES / "sentinelles" / "incidence-RDD-3.csv").read_bytes()


def series(*names_: str) -> Files:
    return dict.fromkeys(
        names_ or [f"incidence-{a}-{i}.csv" for a in sentinelles.AREAS for i in sentinelles.INDICATORS], SERIES
    )


def test_every_series_is_asked_for_then_only_those_that_changed(tmp_path: Path) -> None:
    folder = Folder(series())
    with serving(folder) as (url, _):
        assert fetched(sentinelles, url, tmp_path) == 8
        folder.files["incidence-PAY-3.csv"] += b"202647,3,1,0,2,1,0,2,11,X\n"
        assert fetched(sentinelles, url, tmp_path, TODAY + timedelta(days=1)) == 1


def test_a_series_that_is_cut_is_not_kept(tmp_path: Path) -> None:
    folder = Folder(series())
    with serving(folder) as (url, _):
        fetched(sentinelles, url, tmp_path)
        folder.files["incidence-RDD-3.csv"] = SERIES[:200]
        with pytest.raises(
            SourceUnavailable, match=r"incidence-RDD-3.csv : réponse non retenue, sans doute incomplète"
        ):
            fetched(sentinelles, url, tmp_path, TODAY + timedelta(days=1))
        # Its version was not noted: it is asked for again, and taken once whole.
        folder.files["incidence-RDD-3.csv"] = SERIES + b"202647,3,1,0,2,1,0,2,11,X\n"
        assert fetched(sentinelles, url, tmp_path, TODAY + timedelta(days=2)) == 1


def test_a_body_shorter_than_announced_is_not_kept(tmp_path: Path) -> None:
    with (
        serving(body(SERIES[:50], Content_Length=str(len(SERIES)))) as (url, _),
        pytest.raises(SourceUnavailable, match="incomplète"),
    ):
        fetched(sentinelles, url, tmp_path)
    assert raw.received(tmp_path, "sentinelles") == []


def test_a_host_that_asks_for_an_hour_is_left_alone_for_all_its_files(tmp_path: Path) -> None:
    with serving(body(status=429, Retry_After="3600")) as (url, asked):
        with pytest.raises(
            SourceUnavailable, match=r"demande de patienter \(trop de requêtes\) \(aucun des 8 fichiers lu\)"
        ):
            fetched(sentinelles, url, tmp_path)
        assert len(asked) == 1


def test_a_short_pause_is_waited_for(tmp_path: Path) -> None:
    pauses: list[float] = []
    client = Http(HttpLimits(total_seconds=60), sleep=pauses.append)
    with serving(body(status=429, Retry_After="7"), body(SERIES)) as (url, _):
        found = list(sentinelles.fetch(client, FetchSettings(url, TODAY, is_mirror=True)))
    assert (pauses, len(found)) == ([7], 8)


def test_a_page_of_maintenance_is_no_series(tmp_path: Path) -> None:
    with (
        serving(body(b"<!doctype html><p>Maintenance</p>")) as (url, _),
        pytest.raises(SourceUnavailable, match="a répondu une page web"),
    ):
        fetched(sentinelles, url, tmp_path)


def test_304_to_a_question_without_condition_is_a_failure(tmp_path: Path) -> None:
    with serving(body(b"", status=304)) as (url, _), pytest.raises(SourceUnavailable, match="réponse 304"):
        fetched(sentinelles, url, tmp_path)


def test_a_torn_note_of_answers_costs_one_more_reading(tmp_path: Path) -> None:
    (tmp_path / "medicam").mkdir()
    (tmp_path / "medicam" / raw.ANSWERS).write_text('{"http://x": {"name": 3}, "y": {"etag": "", "asked_on": "x"}}')
    assert raw.known_answers(tmp_path, "medicam") == {}


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    download = Download("a.csv", "http://h/a.csv", b"x", validators=Validators('"1"', "", TODAY))
    raw.take_downloads([download], tmp_path, medicam.SOURCE, NOW)
    yield tmp_path


def test_what_was_noted_is_given_back(kept: Path) -> None:
    assert raw.known_answers(kept, "medicam") == {"http://h/a.csv": Validators('"1"', "", TODAY)}
