"""Two versions received in one refresh: the order is that of the files' own dates, or both wait; never that of a hash."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.base import discover
from data.building.together import is_ordered
from data.journal import Journal
from data.loading.load import Load
from tests.conftest import Home
from tests.data.test_identity import STEWARD, version, week
from tests.data.wholesalers import BOXES, DAY, LAST, history_of, send
from tests.seeds import seeded
from tests.typography import TYPED

pytestmark = pytest.mark.computes(
    "doubtful_row",
    "measure",
    "source_state",
    "coverage_weekly",
    "management_plan",
    "preparation_weekly",
    "agency_signal",
    "announced_stock",
    "site_step",
)

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return history_of(tmp_path_factory)


@pytest.fixture
def market(history: Path, home: Home) -> Home:
    shutil.copytree(history, home.path)
    return home


def dated(home: Home, path: str, moment: datetime) -> None:
    os.utime(home.path / "inbox" / path, (moment.timestamp(), moment.timestamp()))


def two_versions(home: Home, first: str, second: str) -> None:
    """600 boxes of each, then 640, in files of these names."""
    send(home, "A", {0: [600] * 6}, first)
    send(home, "A", {0: [640] * 6}, second)
    send(home, "B", {0: [300] * 6}, "s46")


@seeded(1, ("first", "second"), [("1", "2"), ("z", "a")])
def test_the_later_file_wins_whatever_the_names(market: Home, first: str, second: str) -> None:
    two_versions(market, first, second)
    dated(market, f"pointstock/A-{first}.xlsx", MONDAY)
    dated(market, f"pointstock/A-{second}.xlsx", MONDAY + timedelta(hours=1))
    assert not market.refresh(DAY).error
    figure = week(market)
    assert (figure["stock_boxes"], figure["figure_state"]) == (6 * 940, "a_jour")


@seeded(1, ("first", "second"), [("1", "2"), ("z", "a")])
def test_two_files_of_the_same_date_wait_both(market: Home, first: str, second: str) -> None:
    two_versions(market, first, second)
    for name in (first, second):
        dated(market, f"pointstock/A-{name}.xlsx", MONDAY)
    assert not market.refresh(DAY).error
    figure = week(market)
    # A is carried from S45: 6 × 600 + 6 × 300, and neither 640.
    assert (figure["stock_boxes"], figure["figure_state"], figure["held_names"]) == (6 * 900, "estime", "GROSSISTE A")
    waiting = market.reader().rows("SELECT * FROM doubtful_row WHERE state = 'à confirmer' ORDER BY file_name, line")
    assert len(waiting) == 12
    assert waiting[0]["reason"].translate(TYPED).startswith("Deux fichiers reçus ensemble se contredisent : « A-")
    state = market.reader().row("SELECT * FROM source_state WHERE source_key = 'pointstock'")
    assert state
    assert (state["rows_to_confirm"], state["rows_in"]) == (12, state["rows_loaded"] + state["rows_quarantined"])


def test_the_one_accepted_replaces_the_other(market: Home) -> None:
    two_versions(market, "1", "2")
    for name in "12":
        dated(market, f"pointstock/A-{name}.xlsx", MONDAY)
    market.refresh(DAY)
    rows = market.reader().rows("SELECT * FROM doubtful_row WHERE file_name = 'A-1.xlsx'")
    journal = Journal(market.settings().journal)
    journal.accept_rows(STEWARD, [(row["row_ref"], "pointstock", row["reason"]) for row in rows])
    journal.close()
    assert not market.refresh(DAY).error
    assert (week(market)["stock_boxes"], week(market)["figure_state"]) == (6 * 900, "a_jour")
    states = market.reader().rows("SELECT file_name, state, COUNT(*) AS n FROM doubtful_row GROUP BY ALL ORDER BY 1")
    assert [tuple(row.values()) for row in states] == [("A-1.xlsx", "acceptée", 6), ("A-2.xlsx", "remplacée", 6)]


def test_a_file_received_later_settles_it(market: Home) -> None:
    two_versions(market, "1", "2")
    for name in "12":
        dated(market, f"pointstock/A-{name}.xlsx", MONDAY)
    market.refresh(DAY)
    send(market, "A", {0: [620] * 6}, "3")
    market.refresh(DAY + timedelta(days=1))
    assert (week(market)["stock_boxes"], week(market)["figure_state"]) == (6 * 920, "a_jour")
    assert market.reader().rows("SELECT * FROM doubtful_row WHERE state = 'à confirmer'") == []


def test_the_same_bytes_dropped_again_after_a_correction_win(market: Home) -> None:
    send(market, "A", {0: [600] * 6}, "s46")
    send(market, "B", {0: [300] * 6}, "s46")
    market.refresh(DAY)
    path = market.path / "inbox" / "pointstock" / "A-s46.xlsx"
    first = path.read_bytes()
    send(market, "A", {0: [640] * 6}, "correction")
    market.refresh(DAY + timedelta(days=1))
    assert week(market)["stock_boxes"] == 6 * 940
    path.with_name("A-retour.xlsx").write_bytes(first)
    assert market.refresh(DAY + timedelta(days=2)).changed
    assert week(market)["stock_boxes"] == 6 * 900
    assert not market.refresh(DAY + timedelta(days=3)).error
    assert week(market)["stock_boxes"] == 6 * 900


def test_versions_supplies_stops_references_and_lists_wait_too(market: Home) -> None:
    def send_pair(source: str, one: dict[str, Any], other: dict[str, Any]) -> None:
        for name, content in (("1.xlsx", one), ("2.xlsx", other)):
            market.drop(source, name, content)
            dated(market, f"{source}/{name}", MONDAY)

    supply, measure = ["D-1", 1, 1, date(2026, 12, 7), 500, "Prévu"], ["D-1", 1, "Importation", "En place", *[None] * 5]
    later = version("D-1", 1)
    later[10] = 60
    send_pair(
        "trustmed",
        {"trustmed_version": [version("D-1", 1)], "trustmed_supply": [supply], "trustmed_measure": [measure]},
        {"trustmed_version": [later], "trustmed_supply": [[*supply[:4], 900, "Prévu"]], "trustmed_measure": [measure]},
    )
    stop = ["A-1", date(2026, 11, 2), "LABO", "90000001", None, date(2027, 3, 31), "Commerciale", 45, 30, None, None]
    send_pair("arrets", {"arrets_intention": [stop]}, {"arrets_intention": [[*stop[:7], 55, *stop[8:]]]})
    manual = ["dci:amoxicilline", "Grossistes", 1000, date(2026, 1, 1), None, "Essai", "Moi"]
    send_pair("references", {"references_manual": [manual]}, {"references_manual": [[*manual[:2], 2000, *manual[3:]]]})
    essential = ["Essentiel", "90000001", None, None, None, None]
    send_pair("listes", {"listes_member": [essential]}, {"listes_member": [["Essentiel", "90000002", *essential[2:]]]})
    assert not market.refresh(DAY).error
    waiting = market.reader().rows("SELECT lake_table, COUNT(*) AS n FROM doubtful_row GROUP BY ALL ORDER BY 1")
    assert [tuple(row.values()) for row in waiting] == [
        *(("arrets_intention", 2), ("listes_member", 2), ("references_manual", 2)),
        *(("trustmed_supply", 2), ("trustmed_version", 2)),
    ]
    for table in ("declaration_version", "stop_intention", "manual_reference"):
        assert market.reader().rows(f"SELECT * FROM {table}") == []
    assert market.reader().rows("SELECT * FROM speciality_list WHERE list = 'essentiel'") == []


BOX = BOXES[0]
CIS = BOX.cis
PLAN = [CIS, 2025, None, "LABORATOIRE A", *[None] * 9, "Cellule des plans"]
SIGNAL = ["SIG-1", date(2026, 11, 12), "Bretagne", "35", CIS, None, None, "Ville", "Inconnue", *[None] * 6]
STOCK = [date(2026, 11, 12), "Grossiste A", "Grossiste", "35", BOX.cip13]
SITE, COUNTRY = [2026, "LABORATOIRE A", CIS, None, "Fabrication"], ["France", None, None, None]
# A table, what two files of one drop say of one key, and what would be in force: neither.
CONTRARY_PAIRS: list[tuple[str, list[Any], list[Any], str]] = [
    ("pgp_plan", [[*PLAN, "Satisfaisant"]], [[*PLAN, "Insuffisant"]], "SELECT * FROM management_plan WHERE verdict IS NOT NULL"),
    ("preparations_week", [["2026-S44", "dci:amoxicilline", 100, *[None] * 3]], [["2026-S44", "dci:amoxicilline", 120, *[None] * 3]],
        "SELECT * FROM preparation_weekly"),
    ("sisac_signal", [SIGNAL], [[*SIGNAL[:8], "Persistance", *SIGNAL[9:]]], "SELECT * FROM agency_signal"),
    ("dpruptures_stock", [[*STOCK, 100, 10]], [[*STOCK, 900, 10]], "SELECT * FROM announced_stock WHERE about = 'dci:amoxicilline'"),
    ("edl_site", [[*SITE, "VALMONT", *COUNTRY]], [[*SITE, "AUBRAC", *COUNTRY]], "SELECT * FROM site_step"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "one", "other", "in_force"), CONTRARY_PAIRS, ids=[pair[0] for pair in CONTRARY_PAIRS]
)
def test_the_other_tables_wait_too(market: Home, table: str, one: list[Any], other: list[Any], in_force: str) -> None:
    source = table.split("_", maxsplit=1)[0]
    for name, rows in (("1.xlsx", one), ("2.xlsx", other)):
        market.drop(source, name, {table: rows})
        dated(market, f"{source}/{name}", MONDAY)
    assert not market.refresh(DAY).error
    waiting = market.reader().rows("SELECT * FROM doubtful_row WHERE state = 'à confirmer' ORDER BY file_name")
    assert [(row["lake_table"], row["rule"]) for row in waiting] == [(table, "ensemble")] * (len(one) + len(other))
    assert market.reader().rows(in_force) == []
    # The steward says which one counts.
    journal = Journal(market.settings().journal)
    kept = [(row["row_ref"], source, row["reason"]) for row in waiting if row["file_name"] == "2.xlsx"]
    journal.accept_rows(STEWARD, kept)
    journal.close()
    assert not market.refresh(DAY).error
    assert len(market.reader().rows(in_force)) == 1


@pytest.mark.parametrize(("second", "waiting"), [(["AUBRAC", "VALMONT"], 0), (["VALMONT"], 3)])
def test_the_sites_of_a_speciality_are_compared_as_a_whole(market: Home, second: list[str], waiting: int) -> None:
    """Two sites for one step are one statement, whatever their order; another file with one of them says otherwise."""
    for name, sites in (("1.xlsx", ["VALMONT", "AUBRAC"]), ("2.xlsx", second)):
        market.drop("edl", name, {"edl_site": [[*SITE, site, *COUNTRY] for site in sites]})
        dated(market, f"edl/{name}", MONDAY)
    assert not market.refresh(DAY).error
    assert len(market.reader().rows("SELECT * FROM doubtful_row WHERE state = 'à confirmer'")) == waiting
    assert len(market.reader().rows("SELECT * FROM site_step")) == (0 if waiting else 2)


def loaded(modified: str, saved: str = "") -> Load:
    return Load("", "pointstock", "", "", "", 0, False, modified_at=modified, saved_at=saved)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("2026-11-16T09:00:00+00:00",), ("2026-11-16T10:00:00+00:00",), True),
        (("2026-11-16T09:00:00+00:00",), ("2026-11-16T09:00:01+00:00",), False),  # copied in one go
        (("2026-11-16T09:00:00+00:00",), ("",), False),
        # Copied an hour apart in the contrary order of their savings: nothing is sure.
        (
            ("2026-11-16T09:00:00+00:00", "2026-11-15T12:00:00+00:00"),
            ("2026-11-16T10:00:00+00:00", "2026-11-15T08:00:00+00:00"),
            False,
        ),
        (
            ("2026-11-16T09:00:00+00:00", "2026-11-15T08:00:00+00:00"),
            ("2026-11-16T10:00:00+00:00", "2026-11-15T12:00:00+00:00"),
            True,
        ),
    ],
)
def test_what_dates_say(one: tuple[str, ...], other: tuple[str, ...], expected: bool) -> None:
    assert is_ordered(loaded(*one), loaded(*other)) is expected
    assert is_ordered(loaded(*other), loaded(*one)) is expected


def test_a_source_alone_is_never_compared_with_another(market: Home) -> None:
    assert "pointstock" in discover()
    send(market, "A", {0: [600] * 6}, "s46")
    rows = [[LAST, "LABORATOIRE A", box.cip13, None, 1000, None, None, 70] for box in BOXES]
    path = market.drop("tracstocks", "t.xlsx", {"tracstocks_stock": rows})
    os.utime(path, (MONDAY.timestamp(), MONDAY.timestamp()))
    dated(market, "pointstock/A-s46.xlsx", MONDAY)
    market.refresh(DAY)
    assert market.reader().rows("SELECT * FROM doubtful_row") == []
