"""Management plans: nine specialities, each of its own case, followed by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from metrics.management_plans import queries as management_plans
from tests.conftest import Home
from tests.referential import Medicine, files

pytestmark = pytest.mark.computes("management_plan", "safety_stock")

NONE, OLD, POOR, UNREADABLE, GOOD, UNREAD, FREE, VACCINE, UNDER = (f"9000010{n}" for n in range(1, 10))
WITHOUT_DUTY = {FREE, VACCINE}


def medicine(cis: str) -> Medicine:
    atc = "" if cis in WITHOUT_DUTY else "A10BA02"
    return Medicine(cis, f"MEDICAMENT {cis}, comprimé", [("SA", "1", "METFORMINE")], form="comprimé", atc=atc)


@pytest.fixture
def known(home: Home) -> Home:
    for name, content in files(
        [medicine(cis) for cis in (NONE, OLD, POOR, UNREADABLE, GOOD, UNREAD, FREE, VACCINE, UNDER)]
    ).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    lists = [["Vaccin", VACCINE, None, None, None, None], ["Stock 4 mois", GOOD, None, None, None, None]]
    home.drop("listes", "l.xlsx", {"listes_member": lists})
    return home


def sheet(
    cis: str,
    year: int,
    verdict: str | None,
    months: float | None = None,
    measures: tuple[str | None, ...] = (None, None),
) -> list[Any]:
    return [
        cis,
        year,
        None,
        "LABORATOIRE B",
        date(year, 12, 18),
        None,
        None,
        None,
        None,
        *measures,
        months,
        None,
        None,
        verdict,
    ]


SHEETS = (
    sheet(OLD, 2024, "Satisfaisant", 2, ("Second site", None)),
    sheet(POOR, 2025, "Insuffisant"),
    sheet(UNREADABLE, 2025, "Illisible"),
    sheet(GOOD, 2024, "Insuffisant", 1),
    sheet(GOOD, 2025, "Satisfaisant", 4, (None, "Importation")),  # four months are due: held
    sheet(UNREAD, 2025, None),
    sheet(FREE, 2025, "Satisfaisant", 1),  # owes neither a plan nor a stock
    sheet(UNDER, 2025, "Satisfaisant", 1.5, ("Second site", None)),  # two months are due
)


def received(home: Home, *sheets: list[Any]) -> dict[str, dict[str, Any]]:
    home.drop("pgp", "pgp.xlsx", {"pgp_plan": sheets})
    assert home.refresh().error == ""
    return {row["cis"]: row for row in home.reader().rows("SELECT * FROM management_plan")}


def test_each_speciality_has_the_state_of_its_last_plan(known: Home) -> None:
    rows = received(known, *SHEETS)
    assert {cis: (row["plan_state"], row["is_due"]) for cis, row in rows.items()} == {
        NONE: ("aucun", True),
        OLD: ("ancien", True),
        POOR: ("insuffisant", True),
        UNREADABLE: ("illisible", True),
        GOOD: ("satisfaisant", True),
        UNREAD: ("non_lu", True),
        FREE: ("satisfaisant", False),  # nothing received is lost
        VACCINE: ("aucun", True),  # no MITM, and due all the same
        UNDER: ("satisfaisant", True),
    }
    assert {row["campaign"] for row in rows.values()} == {2025}
    assert (rows[NONE]["laboratory"], rows[POOR]["laboratory"]) == ("LABORATOIRE A", "LABORATOIRE B")


def test_a_sheet_of_next_year_or_of_no_duty_moves_no_campaign(known: Home) -> None:
    """On 22/11/2026: a vaccine gives 2027 besides 2025, FREE owes nothing and gives 2026 and 2027."""
    to_come = [sheet(VACCINE, year, "Satisfaisant", 2) for year in (2025, 2027)]
    to_come += [sheet(FREE, year, "Insuffisant", 1) for year in (2026, 2027)]
    for row in to_come:
        row[4] = None  # not handed over yet
    rows = received(known, *SHEETS, *to_come)
    assert {row["campaign"] for row in rows.values()} == {2025}
    assert {cis: row["plan_state"] for cis, row in rows.items() if row["plan_state"] in ("aucun", "ancien")} == {
        NONE: "aucun",
        OLD: "ancien",
    }
    assert {cis: (rows[cis]["year"], rows[cis]["plan_state"]) for cis in (VACCINE, FREE)} == {
        VACCINE: (2027, "satisfaisant"),
        FREE: (2027, "insuffisant"),
    }


def test_before_any_campaign_what_was_received_is_shown_and_nobody_lacks_a_plan(known: Home) -> None:
    sheets = [sheet(GOOD, 2027, "Satisfaisant", 4), sheet(FREE, 2025, "Satisfaisant", 1)]
    sheets[0][4] = None
    rows = received(known, *sheets)
    assert {cis: (row["plan_state"], row["campaign"]) for cis, row in rows.items()} == {
        GOOD: ("satisfaisant", None),
        FREE: ("satisfaisant", None),
    }


def test_a_promise_is_compared_with_the_duty_and_silence_is_not_under(known: Home) -> None:
    rows = received(known, *SHEETS)
    assert {cis: row["duty_months"] for cis, row in rows.items()} == {
        **dict.fromkeys((NONE, OLD, POOR, UNREADABLE, UNREAD, VACCINE, UNDER), 2),
        GOOD: 4,
        FREE: None,
    }
    assert {cis for cis, row in rows.items() if row["is_under_duty"]} == {UNDER}
    assert {cis for cis, row in rows.items() if row["is_stock_unsaid"]} == {POOR}
    assert {cis for cis, row in rows.items() if row["is_without_measure"]} == {POOR, FREE}


def test_an_older_sheet_says_nothing_unless_it_was_read(known: Home) -> None:
    """Of 2024, all three empty: not legible, not read, read."""
    old = [sheet(NONE, 2024, "Illisible"), sheet(UNREAD, 2024, None), sheet(OLD, 2024, "Insuffisant")]
    rows = received(known, *old, sheet(GOOD, 2025, "Satisfaisant", 4, (None, "Importation")))
    assert {rows[cis]["plan_state"] for cis in (NONE, UNREAD, OLD)} == {"ancien"}
    assert {cis for cis, row in rows.items() if row["is_stock_unsaid"]} == {OLD}
    assert {cis for cis, row in rows.items() if row["is_without_measure"]} == {OLD}


def test_a_sheet_sent_again_wins(known: Home) -> None:
    received(known, *SHEETS)
    known.drop("pgp", "corrige.xlsx", {"pgp_plan": [sheet(POOR, 2025, "Satisfaisant", 2, ("Second site", None))]})
    assert known.refresh(date(2026, 11, 23)).error == ""
    row = management_plans.of_speciality(known.reader(), POOR)
    assert row is not None
    assert (row["plan_state"], row["is_stock_unsaid"], row["is_without_measure"]) == ("satisfaisant", False, False)


def test_without_any_sheet_nobody_is_said_to_lack_a_plan(known: Home) -> None:
    assert known.refresh().error == ""
    assert known.reader().rows("SELECT * FROM management_plan") == []


def test_nothing_of_it_is_shared(known: Home) -> None:
    known.receive_reserved()
    received(known, *SHEETS)
    shared = known.reader("shared")
    assert "management_plan" not in shared.tables
    assert management_plans.of_speciality(shared, POOR) is None
    assert not management_plans.is_visible(shared)
