"""Photographs kept for ever: what is packed comes back byte for byte, and costs what changed."""

from __future__ import annotations

import lzma
import shutil
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import Download
from connectors.bdpm import SOURCE
from data.files import digest_of
from data.intake import packing, raw
from tests.conftest import Home
from tests.connectors.partner_files import SAMPLES

NAME = "CIS_CIP_Dispo_Spec.txt"
FIRST = date(2026, 11, 1)
TABLES = ("public_spell", "public_stretch", "public_photograph", "source_file")
pytestmark = pytest.mark.computes(*TABLES)


def line(cis: int, code: str = "2", day: str = "01/10/2026") -> bytes:
    return f"{60000000 + cis}\t\t{code}\tTension d'approvisionnement\t{day}\t{day}\t\thttps://exemple.invalid/{cis}\r\n".encode("cp1252")  # fmt: skip


def photographs(days: int, lines: int = 300) -> list[bytes]:
    """A list of which three lines leave, three come and three change each day."""
    random, known, found = Random(7), dict.fromkeys(range(lines), "2"), []
    for day in range(days):
        found.append(b"".join(line(cis, code) for cis, code in known.items()))
        for cis in random.sample(sorted(known), 3):
            del known[cis]
        for cis in random.sample(sorted(known), 3):
            known[cis] = "1"
        known |= {lines + 3 * day + new: "2" for new in range(3)}
    return found


def receive(home: Home, answers: list[bytes]) -> None:
    for day, content in enumerate(answers):
        at = home.settings(FIRST + timedelta(days=day))
        raw.take_downloads([Download(NAME, "https://exemple.invalid", content)], at.raw, SOURCE, at.clock)


def folder(home: Home) -> Path:
    return home.path / "raw" / "bdpm"


def whole(home: Home) -> list[Path]:
    return sorted(folder(home).glob("*.txt"))


@given(
    st.lists(st.lists(st.sampled_from([b"a\n", b"b\r\n", b"c", b"\n", b"\xff\x85\n", b"\x00"]), max_size=9), max_size=6)
)
@settings(deadline=None, max_examples=60)
def test_whatever_the_bytes_they_come_back(tmp_path_factory: pytest.TempPathFactory, drawn: list[list[bytes]]) -> None:
    contents, place = [b"".join(parts) for parts in drawn], tmp_path_factory.mktemp("packed")
    copies = [(place / f"{rank}.txt", sha256(content).hexdigest()) for rank, content in enumerate(contents)]
    for (path, _), content in zip(copies, contents, strict=True):
        path.write_bytes(content)
    assert packing.pack(copies) == len(contents)
    assert [path.exists() for path, _ in copies] == [False] * len(contents)
    assert [packing.unpack(path) for path, _ in copies] == contents


def test_a_day_costs_what_changed_in_it(home: Home) -> None:
    """Thirty lists of 22 kB, nine lines apart: three whole ones packed, the others a few hundred bytes each."""
    answers = photographs(30)
    receive(home, answers)
    assert raw.pack(home.path / "raw", "bdpm") == 27, "the last three are what the next answer is judged by"
    sizes = [path.stat().st_size for path in sorted((folder(home) / packing.FOLDER).iterdir())]
    apart = [size for rank, size in enumerate(sizes) if rank % packing.WHOLE_EVERY]
    assert max(apart) < 700
    assert sum(sizes) < sum(map(len, answers)) / 25
    assert len(whole(home)) == 3
    assert [record.sha256 for _, record in raw.received(home.path / "raw", "bdpm")] == [sha256(a).hexdigest() for a in answers]  # fmt: skip


def test_packed_photographs_are_read_again_when_the_lake_is_lost(home: Home) -> None:
    dropped = [path for path in (SAMPLES / "bdpm").glob("CIS_*.txt") if path.name != NAME]
    for path in dropped:
        home.drop_text("bdpm", path.name, path.read_bytes().decode("latin-1"), "latin-1")
    receive(home, photographs(9, lines=20))
    day = FIRST + timedelta(days=9)
    assert home.refresh(day).error == ""
    assert len(whole(home)) == 3 + len(dropped), "three of nine photographs; files that were dropped are never packed"

    def figures() -> dict[str, object]:
        return {table: home.reader().rows(f"SELECT * FROM {table} ORDER BY ALL") for table in TABLES}

    before = figures()
    shutil.rmtree(home.path / "lake")
    shutil.rmtree(home.path / "snapshots")
    assert home.refresh(day).error == ""
    assert figures() == before
    assert home.reader().rows("SELECT COUNT(*) AS n FROM public_photograph") == [{"n": 9}]
    assert not list((home.path / "lake" / ".unpacked").iterdir()), "nothing of what was unpacked to be read stays"


def test_a_damaged_pack_is_reported_and_takes_no_other_source_with_it(home: Home) -> None:
    receive(home, photographs(9, lines=20))
    raw.pack(home.path / "raw", "bdpm")
    packs = sorted((folder(home) / packing.FOLDER).iterdir())
    packs[3].write_bytes(lzma.compress(b"{}"))
    report = home.refresh(FIRST + timedelta(days=9))
    assert report.published
    assert "est abîmée" in str(next(line["error"] for line in report.sources if line["key"] == "bdpm")) or any(
        "est abîmée" in str(row["message"]) for row in home.reader().rows("SELECT * FROM source_file")
    )
    # The fourth, the fifth and the sixth stand on it; the first three, and the last three that are whole, are read.
    assert home.reader().rows("SELECT COUNT(*) AS n FROM public_photograph") == [{"n": 6}]


def test_nothing_goes_before_what_stands_for_it_is_read_back(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that keeps something else than what it was given: the copy stays."""
    receive(home, photographs(6, lines=20))
    before = {path: digest_of(path) for path in whole(home)}
    monkeypatch.setattr(packing, "differences", lambda _, after: ["".join(after)[:-1]])
    assert raw.pack(home.path / "raw", "bdpm") == 0
    assert {path: digest_of(path) for path in whole(home)} == before
    assert not list((folder(home) / packing.FOLDER).iterdir())


def test_a_refresh_killed_between_the_pack_and_the_removal_loses_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(home, photographs(6, lines=20))
    with monkeypatch.context() as killed:
        killed.setattr(Path, "unlink", lambda *_, **__: None)
        raw.pack(home.path / "raw", "bdpm")
    assert len(whole(home)) == 6
    assert len(raw.received(home.path / "raw", "bdpm")) == 6, "each once, packed or not"
    assert raw.pack(home.path / "raw", "bdpm") == 3
    assert len(raw.received(home.path / "raw", "bdpm")) == 6
