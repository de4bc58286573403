"""Codex beside the BDPM and the register of stops: eight specialities, each of its own case, counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from metrics.codex import queries as codex
from tests.conftest import Home
from tests.referential import Medicine, files

pytestmark = pytest.mark.computes("codex_speciality", "codex_check")

SOLD, STOPPED, NEVER, UNSOLD, ALONE, FILED, BACK = (f"9000010{n}" for n in range(1, 8))
GONE = "90000199"  # in Codex only
MITM = {STOPPED, NEVER, SOLD}
DAY = date(2026, 11, 22)


def medicine(cis: str) -> Medicine:
    return Medicine(
        cis,
        f"MEDICAMENT {cis}, comprimé",
        [("SA", "1", "METFORMINE")],
        form="comprimé",
        atc="A10BA02" if cis in MITM else "",
    )


@pytest.fixture
def known(home: Home) -> Home:
    made = files([medicine(cis) for cis in (SOLD, STOPPED, NEVER, UNSOLD, ALONE, FILED, BACK)])
    # UNSOLD has no marketed presentation in the BDPM.
    text = made["CIS_CIP_bdpm.txt"].decode()
    lines = [
        line.replace("Déclaration de commercialisation", "Présentation abrogée") if line.startswith(UNSOLD) else line
        for line in text.splitlines()
    ]
    made["CIS_CIP_bdpm.txt"] = "".join(f"{line}\n" for line in lines).encode()
    for name, content in made.items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    # The register begins on 01/09/2026, with the file of FILED.
    stop = ["A-1", date(2026, 9, 1), "LABORATOIRE A", FILED, None, date(2026, 11, 1), "Autre", None, None, None, None]
    home.drop("arrets", "a.xlsx", {"arrets_intention": [stop]})
    return home


def extract(home: Home, *lines: list[Any], day: date = date(2026, 11, 16), name: str = "codex.xlsx") -> None:
    """``lines``: CIS, marketed on, stopped on; possibly a DCI."""
    rows = []
    for cis, marketed_on, stopped_on, *dci in lines:
        names = [cis, f"MEDICAMENT {cis}", dci[0] if dci else "METFORMINE", None, None, "LABORATOIRE A", None, None]
        rows.append([*names, marketed_on, stopped_on, None, None, day])
    home.drop("codex", name, {"codex_product": rows})


def received(home: Home) -> dict[str, dict[str, Any]]:
    assert home.refresh(DAY).error == ""
    return {row["cis"]: row for row in home.reader().rows("SELECT * FROM codex_speciality")}


BEGAN = date(2010, 1, 1)
LINES = (
    [SOLD, BEGAN, None],
    [STOPPED, BEGAN, date(2026, 10, 1)],  # after the register began, without a file
    [NEVER, None, None],
    [UNSOLD, BEGAN, None],
    [FILED, BEGAN, date(2026, 11, 1)],
    [BACK, date(2025, 1, 1), date(2020, 1, 1)],  # marketed again after an older stop
    [GONE, BEGAN, None],
)


def test_each_speciality_says_where_the_two_bases_differ(known: Home) -> None:
    extract(known, *LINES)
    rows = received(known)
    assert {cis: (row["codex_state"], row["market_gap"]) for cis, row in rows.items()} == {
        SOLD: ("commercialisee", None),
        STOPPED: ("arretee", "arretee_codex"),
        NEVER: ("jamais", "jamais_codex"),
        UNSOLD: ("commercialisee", "arretee_bdpm"),
        ALONE: ("absente", "absente_codex"),
        FILED: ("arretee", "arretee_codex"),
        BACK: ("commercialisee", None),
        GONE: ("commercialisee", "absente_bdpm"),
    }


def test_a_stop_without_a_file_is_silent(known: Home) -> None:
    extract(known, *LINES)
    rows = received(known)
    assert {cis for cis, row in rows.items() if row["is_silent_stop"]} == {STOPPED}
    assert rows[FILED]["stop_no"] == "A-1"
    assert rows[STOPPED]["stopped_days"] == 52  # from 01/10 to 22/11
    assert codex.silent_stops(known.reader())["cis"].tolist() == [STOPPED]
    assert codex.mitm_unmarketed(known.reader())["cis"].tolist() == [STOPPED, NEVER]


@pytest.mark.parametrize(
    ("stopped_on", "is_silent"),
    [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2027, 1, 1), True)],
)
def test_a_stop_older_than_the_register_is_not_silent_one_to_come_is(
    known: Home, stopped_on: date, is_silent: bool
) -> None:
    extract(known, [SOLD, BEGAN, stopped_on])
    assert bool(received(known)[SOLD]["is_silent_stop"]) is is_silent


def test_the_denominators_are_counted_side_by_side(known: Home) -> None:
    extract(known, *LINES)
    received(known)
    row = codex.check(known.reader())
    assert row is not None
    # BDPM: all but UNSOLD. Codex: SOLD, UNSOLD, BACK, GONE. MITM: three against SOLD alone.
    assert (row["bdpm_marketed"], row["codex_marketed"]) == (6, 4)
    assert (row["bdpm_mitm_marketed"], row["codex_mitm_marketed"], row["mitm_unmarketed"]) == (3, 1, 2)
    assert row["codex_mitm_exploitants"] == 1  # LABORATOIRE A, for SOLD
    assert (row["stopped_in_codex"], row["never_in_codex"], row["absent_from_codex"]) == (2, 1, 1)
    assert (row["unmarketed_in_bdpm"], row["absent_from_bdpm"]) == (1, 1)
    assert (row["silent_stops"], row["silent_mitm_stops"]) == (1, 1)


def test_without_an_extract_nothing_is_compared(known: Home) -> None:
    assert received(known) == {}
    assert codex.check(known.reader()) is None


def test_the_latest_extraction_is_in_force_whatever_the_order_of_reception(known: Home) -> None:
    extract(known, [SOLD, BEGAN, date(2026, 10, 1)])
    received(known)
    extract(known, [SOLD, BEGAN, None], [NEVER, None, None], day=date(2026, 10, 15), name="older.xlsx")
    rows = received(known)
    assert rows[SOLD]["codex_state"] == "arretee"
    assert rows[NEVER]["codex_state"] == "jamais"  # only the older one names it


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Metformine", "metformine"),
        ("METFORMINE + sitagliptine", "metformine--sitagliptine"),
        ("sitagliptine ; Metformine", "metformine--sitagliptine"),
        ("Sitagliptine et metformine", "metformine--sitagliptine"),
        (None, None),
    ],
)
def test_a_dci_is_one_whatever_its_separators(known: Home, written: str | None, key: str | None) -> None:
    extract(known, [GONE, BEGAN, None, written])
    assert received(known)[GONE]["dci_key"] == key
