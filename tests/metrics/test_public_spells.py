"""Spells of the public list, joined from photographs: by hand, then computed again the plain way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from connectors import bdpm
from tests.conftest import Home
from tests.referential import files, simple

TABLES = ("public_spell", "public_stretch", "public_gap")
LABEL = {"1": "Rupture de stock", "2": "Tension d'approvisionnement", "3": "Arrêt de commercialisation", "4": "Remise à disposition"}  # fmt: skip
CIS = [f"6000000{rank}" for rank in range(1, 8)]


class ListLine(NamedTuple):
    """One line of a photograph, its dates as day of the year 2026."""

    cis: str
    code: str
    started: date | None
    returned: date | None = None
    cip13: str = ""


def d(text: str) -> date:
    day, month = text.split("/")
    return date(2026, int(month), int(day))


def drop(home: Home, photographs: Mapping[date, Sequence[ListLine]]) -> None:
    for name, content in files([simple(cis, f"ALPHA {cis}", "ALPHACINE") for cis in CIS]).items():
        home.drop_text("bdpm", name, content.decode("cp1252" if name != "CIS_CIP_bdpm.txt" else "utf-8"))
    for day, lines in photographs.items():
        text = "".join(
            "\t".join([said.cis, said.cip13, said.code, LABEL[said.code], _typed(said.started), f"{day:%d/%m/%Y}",
                       _typed(said.returned), "https://exemple.invalid"]) + "\r\n"
            for said in lines
        )  # fmt: skip
        home.drop_text("bdpm", f"{day}_CIS_CIP_Dispo_Spec.txt", text, "cp1252")


def _typed(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


@pytest.fixture
def spells_of(home: Home) -> Any:
    """``spells_of({day: lines})``: rows of *public_spell* by (CIS, rank), once these photographs are published."""

    def publish(photographs: Mapping[date, Sequence[ListLine]]) -> dict[tuple[str, int], dict[str, Any]]:
        drop(home, photographs)
        assert home.refresh(date(2026, 11, 22)).error == ""
        return {(row["cis"], row["spell_no"]): row for row in home.reader().rows("SELECT * FROM public_spell")}

    return publish


@pytest.mark.computes(*TABLES)
def test_a_duration_joins_the_start_of_one_photograph_to_the_return_of_another(spells_of: Any) -> None:
    """Under code 4 the start is overwritten by the return: 10 January to 1 March is 50 days, not 0."""
    found = spells_of(
        {
            d("02/01"): [ListLine(CIS[6], "2", d("01/01"))],
            d("12/01"): [ListLine(CIS[0], "1", d("10/01"))],
            d("05/03"): [ListLine(CIS[0], "4", d("01/03"), d("01/03"))],
        }
    )
    spell = found[CIS[0], 1]
    assert (spell["started_on"], spell["duration_days"], spell["duration_is_minimum"]) == (d("10/01"), 50, False)
    assert (spell["code"], spell["is_current"], spell["left_on"]) == ("4", True, None)
    assert spell["dci_key"] == "alphacine"


@pytest.mark.computes(*TABLES)
def test_a_duration_whose_end_or_beginning_was_not_seen_is_a_minimum_or_unknown(spells_of: Any) -> None:
    found = spells_of(
        {
            d("02/01"): [
                ListLine(CIS[0], "2", d("01/12") - timedelta(days=365)),
                ListLine(CIS[1], "4", d("01/01"), d("01/01")),
            ],
            d("10/02"): [ListLine(CIS[0], "2", d("01/02")), ListLine(CIS[2], "1", d("01/02"))],
            d("20/02"): [ListLine(CIS[0], "2", d("01/02"))],
        }
    )
    # Already there at the first photograph: from 01/12/2025, as first written, to the last photograph is 30 + 31 + 20 days.
    assert (found[CIS[0], 1]["duration_days"], found[CIS[0], 1]["duration_is_minimum"]) == (81, True)
    # Seen under code 4 only: nobody can say when it began.
    assert (found[CIS[1], 1]["duration_days"], found[CIS[1], 1]["duration_is_minimum"]) == (None, None)
    assert found[CIS[1], 1]["left_on"] == d("10/02")
    # Gone without a return: nine days at least, and it left at some moment of the ten that follow.
    left = found[CIS[2], 1]
    assert (left["duration_days"], left["duration_is_minimum"], left["left_on"]) == (9, True, d("20/02"))


@pytest.mark.computes(*TABLES)
def test_a_line_that_comes_back_or_relapses_is_another_spell(spells_of: Any) -> None:
    found = spells_of(
        {
            d("02/01"): [ListLine(CIS[0], "2", d("01/01")), ListLine(CIS[1], "4", d("01/01"), d("01/01"))],
            d("10/01"): [ListLine(CIS[1], "4", d("08/01"), d("08/01"))],
            d("20/01"): [ListLine(CIS[0], "1", d("15/01")), ListLine(CIS[1], "1", d("18/01"))],
        }
    )
    assert [found[CIS[0], rank]["left_on"] for rank in (1, 2)] == [d("10/01"), None]
    assert [found[CIS[0], rank]["relapsed_on"] for rank in (1, 2)] == [None, None]
    # Back on the 1st, back again on the 8th (missing in between, unseen), then missing: three spells of one line.
    assert [found[CIS[1], rank]["relapsed_on"] for rank in (1, 2, 3)] == [d("10/01"), d("20/01"), None]
    assert [found[CIS[1], rank]["left_on"] for rank in (1, 2, 3)] == [None, None, None]
    assert [found[CIS[1], rank]["is_current"] for rank in (1, 2, 3)] == [False, False, True]


@pytest.mark.computes(*TABLES)
def test_a_return_is_put_off_when_it_was_still_to_come(spells_of: Any) -> None:
    """Promised for the 1st of February, then of March, then 20 February (sooner), then back on 10 March."""
    written = ["01/02", "01/03", "20/02", "10/03"]
    days = ["05/01", "20/01", "10/02", "12/03"]
    lines = {
        d(day): [ListLine(CIS[0], "4" if day == "12/03" else "2", d("01/01"), d(back))]
        for day, back in zip(days, written, strict=True)
    }
    spell = spells_of(lines)[CIS[0], 1]
    assert (spell["return_first_on"], spell["return_last_on"]) == (d("01/02"), d("10/03"))
    assert (spell["times_put_off"], spell["days_put_off"]) == (2, 37), "28 days of February and 9 of March"


@pytest.mark.computes(*TABLES)
def test_a_gap_is_shown_until_the_day_of_the_snapshot(home: Home) -> None:
    """Eight days without photograph are a gap, seven are not."""
    line = [ListLine(CIS[0], "2", d("01/01"))]
    drop(home, {d("01/11"): line, d("08/11"): line, d("14/11"): line})
    home.refresh(date(2026, 11, 22))
    assert home.reader().rows("SELECT * FROM public_gap") == [{"from_on": d("14/11"), "to_on": None, "days": 8}]
    drop(home, {d("18/11"): line, d("20/10"): line})
    home.refresh(date(2026, 11, 22))
    gaps = home.reader().rows("SELECT * FROM public_gap")
    assert gaps == [{"from_on": d("20/10"), "to_on": d("01/11"), "days": 12}]


@pytest.mark.computes(*TABLES)
def test_a_list_read_again_unchanged_is_a_photograph_of_that_day(home: Home) -> None:
    """The download of the 10th is that of the 1st, and is not kept twice: nobody was looking away, and the line was there."""
    from connectors.base import Download
    from data.intake import raw

    def lines(cis: str) -> bytes:
        return f"{cis}\t\t2\tTension d'approvisionnement\t01/10/2026\t01/10/2026\t\thttps://exemple.invalid\r\n".encode(
            "cp1252"
        )

    drop(home, {})
    source = bdpm.SOURCE
    for day, cis in (("01/11", CIS[0]), ("08/11", CIS[0]), ("15/11", CIS[0]), ("20/11", CIS[1])):
        answer = Download("CIS_CIP_Dispo_Spec.txt", "https://exemple.invalid", lines(cis))
        settings = home.settings(d(day))
        raw.take_downloads([answer], settings.raw, source, settings.clock)
    assert len(list((home.path / "raw" / "bdpm").glob("*Dispo*.txt"))) == 2, "two answers, of four days"
    assert home.refresh(date(2026, 11, 22)).error == ""
    assert home.reader().rows("SELECT * FROM public_gap") == []
    first = home.reader().rows("SELECT * FROM public_spell ORDER BY cis")[0]
    assert (first["first_seen_on"], first["last_seen_on"], first["left_on"]) == (d("01/11"), d("15/11"), d("20/11"))
    # A day that is replayed knows nothing of the readings that came after it.
    assert home.refresh(d("10/11")).error == ""
    assert home.reader().rows("SELECT last_seen_on FROM public_spell") == [{"last_seen_on": d("08/11")}]


Line = tuple[str, date | None, date | None]


def spells(photographs: Mapping[date, Mapping[tuple[str, str], Line]]) -> list[dict[str, Any]]:
    """The same, one key and one photograph at a time, without a query: what each episode has been seen to say."""
    days, found = sorted(photographs), []
    for key in sorted({key for lines in photographs.values() for key in lines}):
        episodes: list[list[date]] = []
        for rank, day in enumerate(days):
            if key not in photographs[day]:
                continue
            code, _, back = photographs[day][key]
            before = days[rank - 1] if rank and key in photographs[days[rank - 1]] else None
            relapses = False
            if before is not None:
                code_before, _, back_before = photographs[before][key]
                again = back and back_before and back_before <= before < back
                relapses = code_before == "4" and (code != "4" or bool(again))
            if before is None or relapses:
                episodes.append([])
            episodes[-1].append(day)
        found += [_spell(key, rank, seen, photographs, days) for rank, seen in enumerate(episodes, 1)]
    return found


def _spell(key: tuple[str, str], rank: int, seen: list[date], photographs: Any, days: list[date]) -> dict[str, Any]:
    lines = [photographs[day][key] for day in seen]
    code = lines[-1][0]
    starts = [start for said, start, _ in lines if said != "4" and start]
    returns = [back for _, _, back in lines if back]
    after = next((day for day in days if day > seen[-1]), None)
    relapsed = after if after and key in photographs[after] else None
    ended = (returns[-1] if returns else next((s for c, s, _ in lines[::-1] if c == "4"), None)) if code == "4" else seen[-1]  # fmt: skip
    start = starts[0] if starts else None
    days_long = (ended - start).days if start and ended and ended >= start else None
    promised: list[date] = []
    put_off = 0
    for day, (_, _, back) in zip(seen, lines, strict=True):
        put_off += bool(back and promised and back > max(promised))
        promised += [back] if back and back >= day else []
    return {
        "cis": key[0], "cip13": key[1] or None, "spell_no": rank, "code": code, "first_seen_on": seen[0], "last_seen_on": seen[-1],
        "left_on": None if relapsed else after, "relapsed_on": relapsed, "started_on": start, "duration_days": days_long,
        "duration_is_minimum": None if days_long is None else seen[0] == days[0] or (code != "4" and after is not None),
        "return_first_on": returns[0] if returns else None, "return_last_on": returns[-1] if returns else None,
        "times_put_off": put_off, "days_put_off": max((returns[-1] - returns[0]).days, 0) if put_off else None,
    }  # fmt: skip


def published(home: Home) -> list[dict[str, Any]]:
    rows = home.reader().rows("SELECT * FROM public_spell")
    left_out = {"denomination", "dci", "dci_key", "status_label", "is_current"}
    return sorted(
        ({name: value for name, value in row.items() if name not in left_out} for row in rows),
        key=lambda row: (row["cis"], row["cip13"] or "", row["spell_no"]),
    )


@pytest.mark.computes(*TABLES)
@pytest.mark.parametrize("seed", range(4))
def test_spells_are_those_of_a_plain_reading(home: Home, seed: int) -> None:
    """Ten photographs of seven lines that come, change, go and come back with any dates."""
    random, days = Random(seed), [date(2026, 1, 5) + timedelta(days=11 * rank) for rank in range(10)]

    def some_day(day: date) -> date:
        return day + timedelta(days=random.randint(-40, 40))

    drawn = {
        day: [
            ListLine(cis, random.choice("1224"), some_day(day), some_day(day) if random.random() < 0.6 else None)
            for cis in CIS
            if random.random() < 0.8
        ]
        for day in days
    }
    drop(home, drawn)
    assert home.refresh(date(2026, 11, 22)).error == ""
    plain = spells({day: {(s.cis, s.cip13): (s.code, s.started, s.returned) for s in lines} for day, lines in drawn.items()})  # fmt: skip
    assert len(plain) > 10
    assert published(home) == plain


@pytest.mark.computes(*TABLES)
def test_spells_of_the_photographs_really_published(home: Home) -> None:
    from tests.real.conftest import REAL
    from tests.real.public_list import ambiguous, cells, photograph

    folder = REAL / "bdpm/dispo"
    if not folder.is_dir():
        pytest.skip(f"fichiers publics réels absents ({REAL})")
    known, unsure = {}, set()
    for path in sorted(folder.glob("*.txt")):
        home.drop_text("bdpm", path.name, path.read_bytes().decode("latin-1"), "latin-1")
        unsure |= ambiguous(photograph(path))
        known[date.fromisoformat(path.name[:10])] = in_force(path, cells(path))
    assert home.refresh(date(2026, 11, 22)).error == ""
    plain = [spell for spell in spells(known) if (spell["cis"], spell["cip13"] or "") not in unsure]
    found = [spell for spell in published(home) if (spell["cis"], spell["cip13"] or "") not in unsure]
    assert len(plain) > 1_100
    assert found == plain


def in_force(path: Path, rows: list[list[str]]) -> dict[tuple[str, str], Line]:
    """By key, the line updated last; of several of that day, that of the lowest code, the first of them."""
    best: dict[tuple[str, str], tuple[tuple[int, str, int], Line]] = {}
    for rank, row in enumerate(rows):
        place = (-_day(row[5]).toordinal(), row[2], rank)  # type: ignore[union-attr]
        key = row[0], row[1]
        if key not in best or place < best[key][0]:
            best[key] = place, (row[2], _day(row[4]), _day(row[6]))
    return {key: line for key, (_, line) in best.items()}


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    day, month, year = text.strip().split("/")
    return date(int(year), int(month), int(day))
