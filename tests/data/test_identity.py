"""One participant however it is typed; what may be one waits for the steward, and nothing is counted twice."""

from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.access.roles import Identity
from data.journal import Journal
from tests.conftest import Home
from tests.data.wholesalers import BOXES, DAY, LAST, history_of, send
from tests.seeds import seeded
from tests.typography import TYPED

pytestmark = pytest.mark.computes(
    "coverage_weekly",
    "department_status",
    "market_share",
    "measure",
    "name_question",
    "promise",
    "source_state",
    "declaration",
)

GROUP = "amoxicilline-susp-500"
STEWARD = Identity("gestion@exemple.invalid", "Gestionnaire", "ansm_steward")
BOTH = 6 * 600 + 6 * 300  # six boxes, A 600 and B 300 of each


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return history_of(tmp_path_factory)


@pytest.fixture
def market(history: Path, home: Home) -> Home:
    """A and B known until S45."""
    shutil.copytree(history, home.path)
    return home


def week(home: Home, monday: date = LAST) -> dict[str, Any]:
    row = home.reader().row(
        "SELECT * FROM coverage_weekly WHERE subject_id = $s AND link = 'grossistes' AND week = $w", s=GROUP, w=monday
    )
    assert row
    return row


def send_as(home: Home, name: str, file: str, stock: float = 600, back: int = 0) -> None:
    rows = [[LAST - timedelta(weeks=back), name, box.cip13, None, stock, 70] for box in BOXES]
    home.drop("pointstock", f"{file}.xlsx", {"pointstock_stock": rows})


def asked(home: Home) -> list[dict[str, Any]]:
    return home.reader().rows("SELECT * FROM name_question WHERE state = 'à répondre' ORDER BY name")


def answer(home: Home, *, same: bool) -> None:
    (question,) = asked(home)
    journal = Journal(home.settings().journal)
    journal.migrate()
    keys, names = ((question[a], question[b]) for a, b in (("key", "other_key"), ("name", "other_name")))
    journal.answer_name(STEWARD, question["kind"], keys, names, "Vu au téléphone", same=same)
    journal.close()


@seeded(
    1,
    "names",
    [
        ("Grossiste A", "grossiste  a", "GROSSISTE\u00a0A", "Grossiste-A."),
        ("GROSSISTE\u200b A", "gróssiste à", "ＧＲＯＳＳＩＳＴＥ Ａ"),
    ],
    ids=["case and spaces", "other characters"],
)
def test_a_name_typed_otherwise_is_the_same_participant(market: Home, names: tuple[str, ...]) -> None:
    """Each box is reported under a spelling of its own, and all of them are those of one wholesaler."""
    typed = [[LAST, names[rank % len(names)], box.cip13, None, 600, 70] for rank, box in enumerate(BOXES)]
    market.drop("pointstock", "A.xlsx", {"pointstock_stock": typed})
    send(market, "B", {0: [300] * 6}, "s46")
    assert not market.refresh(DAY).error
    figure = week(market)
    assert (figure["stock_boxes"], figure["participants"], figure["figure_state"]) == (BOTH, 2, "a_jour")
    assert asked(market) == []
    found = market.reader().rows("SELECT DISTINCT name FROM identity WHERE kind = 'grossiste' ORDER BY name")
    assert [row["name"] for row in found] == ["GROSSISTE A", "GROSSISTE B"]


def test_a_correction_in_another_case_replaces_what_it_corrects(market: Home) -> None:
    """600 then 640 boxes of each: 6 × 640 + 6 × 300 = 5 640, not 5 400 + 3 840."""
    send(market, "A", {0: [600] * 6}, "s46")
    send(market, "B", {0: [300] * 6}, "s46")
    market.refresh(DAY)
    send_as(market, "Grossiste a", "correction", 640)
    market.refresh(DAY + timedelta(days=1))
    figure = week(market)
    assert (figure["stock_boxes"], figure["participants"]) == (6 * 640 + 6 * 300, 2)


def test_a_legal_form_asks_the_steward_and_nothing_is_counted_twice(market: Home) -> None:
    send_as(market, "GROSSISTE A SAS", "A")
    send(market, "B", {0: [300] * 6}, "s46")
    assert not market.refresh(DAY).error
    (question,) = asked(market)
    assert (question["name"], question["other_name"], question["rows_held"]) == ("GROSSISTE A SAS", "GROSSISTE A", 6)
    assert question["reason"].translate(TYPED) == "« GROSSISTE A SAS » est proche de « GROSSISTE A » : le même ?"
    figure = week(market)
    # A is carried from S45: the same 5 400 boxes, estimated, and never 5 400 + 3 600.
    assert (figure["stock_boxes"], figure["figure_state"], figure["held_names"]) == (BOTH, "estime", "GROSSISTE A")
    state = market.reader().row("SELECT * FROM source_state WHERE source_key = 'pointstock'")
    assert state
    assert (state["rows_to_confirm"], state["rows_in"]) == (6, state["rows_loaded"] + state["rows_quarantined"])


def test_the_same_counts_as_one_and_another_as_two(market: Home) -> None:
    send_as(market, "GROSSISTE A SAS", "A", 640)
    send(market, "B", {0: [300] * 6}, "s46")
    market.refresh(DAY)
    answer(market, same=True)
    assert market.refresh(DAY).changed
    figure = week(market)
    assert (figure["stock_boxes"], figure["participants"], figure["figure_state"]) == (6 * 940, 2, "a_jour")
    assert asked(market) == []
    (question,) = market.reader().rows("SELECT * FROM name_question")
    assert (question["state"], question["answered_by"], question["answer_reason"]) == (
        "le même",
        STEWARD.login,
        "Vu au téléphone",
    )
    journal = Journal(market.settings().journal)
    journal.revoke_name(STEWARD, "grossiste", (question["key"], question["other_key"]))
    journal.close()
    market.refresh(DAY)
    assert len(asked(market)) == 1
    answer(market, same=False)
    market.refresh(DAY)
    figure = week(market)
    # Another one: A is missing and carried (estimated), the newcomer adds its own 6 × 640.
    assert (figure["stock_boxes"], figure["participants"], figure["figure_state"]) == (BOTH + 6 * 640, 3, "estime")
    assert asked(market) == []


def test_a_name_that_waits_longer_than_a_carry_makes_the_sum_late_and_never_smaller(market: Home) -> None:
    for back in range(0, -10, -1):
        send_as(market, "GROSSISTE A SAS", f"A{back}", back=back)
        send(market, "B", {back: [300] * 6}, f"B{back}")
    market.refresh(DAY + timedelta(weeks=9))
    states = [week(market, LAST + timedelta(weeks=n))["figure_state"] for n in range(10)]
    assert states == ["estime", *["en_retard"] * 9]


def test_a_name_that_appears_the_week_another_goes_missing_waits(market: Home) -> None:
    send_as(market, "REPARTITION DUPONT", "dupont")
    send(market, "B", {0: [300] * 6}, "s46")
    market.refresh(DAY)
    (question,) = asked(market)
    assert (question["name"], question["other_name"], question["why"]) == (
        "REPARTITION DUPONT",
        "GROSSISTE A",
        "relais",
    )
    assert (week(market)["stock_boxes"], week(market)["figure_state"]) == (BOTH, "estime")
    # A sends after all: they are two.
    send(market, "A", {0: [600] * 6}, "s46")
    market.refresh(DAY + timedelta(days=1))
    assert asked(market) == []
    assert week(market)["stock_boxes"] == BOTH + 3600


def test_a_cyrillic_letter_never_passes_for_a_latin_one(market: Home) -> None:
    send_as(market, "GROSSISTE \u0410", "A")
    send(market, "B", {0: [300] * 6}, "s46")
    market.refresh(DAY)
    (question,) = asked(market)
    assert (question["other_name"], question["why"], question["rows_held"]) == ("GROSSISTE A", "alphabet", 6)
    assert week(market)["figure_state"] == "estime"
    flagged = market.reader().rows("SELECT spelling FROM identity WHERE is_mixed_script")
    assert flagged == [{"spelling": "GROSSISTE \u0410"}]


def version(number: str, rank: int, status: str = "Ouverte", laboratory: str = "LABORATOIRE A") -> list[Any]:
    return [
        *(number, rank, date(2026, 11, 1 + rank), laboratory, BOXES[0].cip13, "Risque", status, "Autre cause", "Ville"),
        *(date(2026, 11, 20), 30, None, 40, None, 300, None, 12, None, None, None),
    ]


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ("D\u20112026\u201100042", "d–2026 00042"),
        *(pytest.param("D-2026-00042", closed, marks=pytest.mark.long) for closed in ("d-2026-00042", "D 2026 00042")),
    ],
)
def test_a_declaration_closed_under_another_spelling_is_closed(market: Home, opened: str, closed: str) -> None:
    market.drop("trustmed", "v1.xlsx", {"trustmed_version": [version(opened, 1)]})
    market.refresh(DAY)
    market.drop("trustmed", "v2.xlsx", {"trustmed_version": [version(closed, 2, "Close", "Laboratoire A")]})
    market.refresh(DAY + timedelta(days=1))
    (row,) = market.reader().rows("SELECT * FROM declaration")
    assert (row["declaration_no"], row["status"], row["versions"], row["laboratory"]) == (
        *(opened, "close", 2, "LABORATOIRE A"),
    )


@pytest.mark.long
def test_numbers_that_differ_by_more_than_typing_stay_two(market: Home) -> None:
    rows = [version("D-2026-1-11", 1), version("D-2026-11-1", 1)]
    market.drop("trustmed", "v.xlsx", {"trustmed_version": rows})
    market.refresh(DAY)
    assert len(market.reader().rows("SELECT * FROM declaration")) == 2


def test_supplies_and_measures_join_their_declaration_however_it_is_typed(market: Home) -> None:
    """« 00042 » as text, 42 as a number: a spreadsheet dropped the zeros."""
    market.drop(
        "trustmed",
        "d.xlsx",
        {
            "trustmed_version": [version("00042", 1), version("D-2026-00043", 1), version("D-2026-00044", 1)],
            "trustmed_supply": [
                [42, 1, 1, date(2026, 12, 7), 15_000, "Prévu"],
                ["D–2026–00043", 1, 1, date(2026, 12, 7), 9_000, "Prévu"],
                ["d-2026-00044", 1, 1, date(2026, 12, 7), 5_000, "Prévu"],
            ],
            "trustmed_measure": [[42, 1, "Contingentement quantitatif", "En place", None, None, 60, 80, None]],
        },
    )
    market.refresh(DAY)
    promised = market.reader().rows("SELECT declaration_no, boxes FROM promise WHERE supply_no = 1 ORDER BY boxes")
    assert [tuple(row.values()) for row in promised] == [
        *(("D-2026-00044", 5_000), ("D-2026-00043", 9_000), ("00042", 15_000)),
    ]
    assert market.reader().rows("SELECT declaration_no FROM measure") == [{"declaration_no": "00042"}]


def test_a_group_typed_otherwise_is_the_group(market: Home) -> None:
    def line(name: str, place: str, days: float) -> list[Any]:
        level = "National" if place == "FR" else "Département"
        return [LAST, name, level, place, 40, 400, None, days, 10, 20, 30, 40]

    rows = [line("AMOXICILLINE-SUSP-500", "FR", 5.4), line("amoxicilline_susp_500", "75", 4)]
    market.drop("iqvia", "g.xlsx", {"iqvia_coverage": rows})
    reference = ["Amoxicilline susp 500", "Grossistes", 365.25, date(2026, 1, 1), None, "Essai", "Moi"]
    market.drop("references", "r.xlsx", {"references_manual": [reference, ["dci: Amoxicilline", *reference[1:]]]})
    market.refresh(DAY)
    read = market.reader()
    status = read.row(
        "SELECT coverage_days FROM department_status WHERE subject_id = $s AND department = '75'", s=GROUP
    )
    assert status == {"coverage_days": 4}
    subjects = read.rows("SELECT subject_id FROM manual_reference ORDER BY subject_id")
    assert [row["subject_id"] for row in subjects] == [GROUP, "dci:amoxicilline"]


def test_a_laboratory_declares_and_holds_stock_under_two_spellings(market: Home) -> None:
    stock = [[LAST, "Laboratoire A", BOXES[0].cip13, None, 1000, None, None, 70]]
    stocks = market.drop("tracstocks", "t.xlsx", {"tracstocks_stock": stock})
    market.drop("trustmed", "v.xlsx", {"trustmed_version": [version("D-1", 1, laboratory="LABORATOIRE  A")]})
    os.utime(stocks, (0, 0))  # the older of the two, whose spelling is kept
    market.refresh(DAY)
    shares = market.reader().rows("SELECT DISTINCT laboratory, declared_share_pct FROM market_share")
    assert shares == [{"laboratory": "Laboratoire A", "declared_share_pct": 100.0}]


def test_a_laboratory_close_to_another_in_a_declaration_is_asked_and_still_counts(market: Home) -> None:
    stock = [[LAST, "LABORATOIRE A", BOXES[0].cip13, None, 1000, None, None, 70]]
    market.drop("tracstocks", "t.xlsx", {"tracstocks_stock": stock})
    market.refresh(DAY)
    market.drop("trustmed", "v.xlsx", {"trustmed_version": [version("D-1", 1, laboratory="Laboratoires A S.A.S.")]})
    market.refresh(DAY + timedelta(days=1))
    (question,) = asked(market)
    assert (question["kind"], question["rows_held"]) == ("laboratoire", 0)
    assert len(market.reader().rows("SELECT * FROM declaration")) == 1
