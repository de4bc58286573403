"""What moved in the public list between a photograph chosen and the last, by hand; then computed again the plain way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from metrics.declarations import queries as declarations
from metrics.public_list import queries as public_list
from pages.components import format as fr
from pages.components.charts.figures import records
from tests import open_world, worlds
from tests.conftest import Home
from tests.open_world import ALPHA_1, ALPHA_2, BETA, DELTA, FIRST, GAMMA, ORPHAN, SECOND, Line

TABLES = ("public_spell", "public_stretch", "public_gap", "public_return_change", "public_record", "public_photograph")
pytestmark = pytest.mark.computes(*TABLES)
COMES = [f"6000001{rank}" for rank in range(8)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(worlds.once(tmp_path_factory, "public-lists", open_world.build))


def movements(home: Home, since: date) -> dict[str, str]:
    return {row["cis"]: row["movement"] for row in records(public_list.movements(home.reader(), since))}


def test_each_kind_of_movement_since_the_photograph_chosen_is_listed(built: Home) -> None:
    assert movements(built, FIRST) == {
        ALPHA_1: "aggravation",
        ALPHA_2: "entrée",
        BETA: "sortie",
        GAMMA: "rechute",
        DELTA: "remise",
        ORPHAN: "entrée",
    }
    # BETA had already left and GAMMA had already relapsed.
    assert movements(built, SECOND) == {ALPHA_1: "aggravation", ALPHA_2: "entrée", DELTA: "remise", ORPHAN: "entrée"}


def test_a_movement_says_how_long_the_line_has_been_there(built: Home) -> None:
    rows = {row["cis"]: row for row in records(public_list.movements(built.reader(), FIRST))}
    # From 1 September to the last photograph: 29 days of September, 31 of October, 20 of November.
    assert (rows[ALPHA_1]["duration_days"], rows[ALPHA_1]["previous_code"], rows[ALPHA_1]["code"]) == (80, "2", "1")
    # DELTA: from 1 August, as written before the return of 18 November overwrote it: 30 + 30 + 31 + 18.
    assert (rows[DELTA]["duration_days"], rows[DELTA]["last_code"]) == (109, "4")
    # BETA: seen on 1 October for the last time, sixteen days after its start, and no return seen.
    assert (rows[BETA]["duration_days"], rows[BETA]["duration_is_minimum"]) == (16, True)
    assert fr.missing(rows[BETA]["code"])


def test_a_return_date_put_off_is_shown_until_the_return_itself(built: Home) -> None:
    """15 October, then 30 November: 46 days; the return of the 18th, under code 4, is no promise."""
    (moved,) = records(public_list.return_changes(built.reader(), FIRST))
    assert (moved["cis"], moved["moved_days"], moved["dci"]) == (DELTA, 46, "deltacine")
    assert records(public_list.return_changes(built.reader(), SECOND)) == []


def test_both_sources_are_read_side_by_side(built: Home) -> None:
    rows = records(declarations.public_records(built.reader()))
    listed = {(row["cis"], row["status"]): row for row in rows if row["origin"] == "liste"}
    assert {key: None if fr.missing(row["kind"]) else row["kind"] for key, row in listed.items()} == {
        (ALPHA_1, "liste"): "rupture",
        (ALPHA_2, "liste"): "rupture",
        (ORPHAN, "liste"): "tension",
        (GAMMA, "liste"): "tension",
        (GAMMA, "terminee"): None,  # seen under code 4 only: nothing says what it was
        (BETA, "terminee"): "rupture",
        (DELTA, "remise"): "tension",
    }
    released = [row for row in rows if row["status"] == "close"]
    assert len(released) == 4
    assert sum(row["is_copy"] for row in released) == 1
    assert {row["laboratory"] for row in released} == {"LABO UN", "LABO DEUX"}
    assert listed[BETA, "terminee"]["laboratory"] == "LABO UN"
    assert listed[DELTA, "remise"]["times_put_off"] == 1


Codes = Mapping[str, str]


def plain(photographs: Sequence[tuple[date, Codes]], since: date) -> dict[str, str]:
    """The same, one speciality at a time, without a query."""
    then, now = dict(photographs)[since], photographs[-1][1]
    later = [codes for day, codes in photographs if day > since]
    found = {}
    for cis in {cis for _, codes in photographs for cis in codes}:
        before, after = then.get(cis), now.get(cis)
        if before == after and (before or not any(cis in codes for codes in later)):
            continue
        if after is None:
            found[cis] = "sortie" if before else "passage"
        elif after == "4":
            found[cis] = "remise"
        elif before is None:
            found[cis] = "entrée"
        elif before == "4":
            found[cis] = "rechute"
        else:
            rank = {"2": 0, "1": 1, "3": 2}  # a stop is worse than a shortage, a shortage worse than a tension
            found[cis] = "aggravation" if rank[after] > rank[before] else "amélioration"
    return found


@pytest.mark.parametrize("seed", range(3))
def test_movements_are_those_of_a_plain_reading(home: Home, seed: int) -> None:
    """Eight photographs of eight lines that come, change and go, compared with each earlier one."""
    random, days = Random(seed), [date(2026, 2, 2) + timedelta(days=9 * rank) for rank in range(8)]
    drawn = [(day, {cis: random.choice("1234") for cis in COMES if random.random() < 0.7}) for day in days]
    for day, codes in drawn:
        lines = [Line(cis, code, day - timedelta(days=3), day if code == "4" else None) for cis, code in codes.items()]
        home.drop_text("bdpm", f"{day}_CIS_CIP_Dispo_Spec.txt", open_world.text_of(lines, day), "cp1252")
    assert home.refresh(date(2026, 11, 22)).error == ""
    kinds = set()
    for since in days[:-1]:
        assert movements(home, since) == plain(drawn, since), since
        kinds |= set(plain(drawn, since).values())
    assert len(kinds) > 5


def test_movements_of_the_photographs_really_published(home: Home) -> None:
    from tests.real.conftest import REAL

    folder = REAL / "bdpm/dispo"
    if not folder.is_dir():
        pytest.skip(f"fichiers publics réels absents ({REAL})")
    drawn, doubtful = [], set[str]()
    for path in sorted(folder.glob("*.txt")):
        home.drop_text("bdpm", path.name, path.read_bytes().decode("latin-1"), "latin-1")
        keys = _keys(path)
        doubtful |= {key for key, codes in keys.items() if len(codes) > 1}
        drawn.append((date.fromisoformat(path.name[:10]), {key: codes[0] for key, codes in keys.items()}))
    assert home.refresh(date(2026, 11, 22)).error == ""
    for since in [day for day, _ in drawn[:-1]]:
        found = records(public_list.movements(home.reader(), since))
        by_key = {f"{row['cis']}/{'' if fr.missing(row['cip13']) else row['cip13']}": row["movement"] for row in found}
        expected = plain(drawn, since)
        assert len(expected) > 400
        assert {key: kind for key, kind in by_key.items() if key not in doubtful} == {
            key: kind for key, kind in expected.items() if key not in doubtful
        }


def _keys(path: Path) -> dict[str, list[str]]:
    """Codes written for each CIS and CIP13; of several lines of one key nothing is asked here."""
    found: dict[str, list[str]] = {}
    for line in path.read_bytes().decode("latin-1").splitlines():
        cells: list[Any] = line.split("\t")
        if len(cells) > 2:
            found.setdefault(f"{cells[0]}/{cells[1]}", []).append(cells[2])
    return found
