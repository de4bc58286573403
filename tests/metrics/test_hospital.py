"""Hospital pharmacies, the fourth link of a plan that follows it, on numbers that can be checked by hand."""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Any

import pytest

from data.reference.plans import plans
from tests.conftest import Home
from tests.referential import files, simple

pytestmark = pytest.mark.computes("link_status", "pui_week", "pui_department", "unmatched_key", "doubtful_row")

GROUP = "midazolam-inj"
MIDAZOLAM = simple("90000001", "MIDAZOLAM LABORATOIRE A 5 mg/ml, solution injectable", "MIDAZOLAM")
FORM = "solution injectable 5 mg/ml"
LAST = date(2026, 11, 16)  # Monday of 2026-S47
UCD = "9400001"
Cells = list[Any]


def _home(home: Home, rows: list[Cells], sales: list[Cells] | None = None) -> None:
    for name, content in files([MIDAZOLAM]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    home.drop("dispostock", "stocks.xlsx", {"dispostock_stock": rows})
    if sales:
        home.drop("gers", "gers.xlsx", {"gers_sales": sales})
    assert home.refresh().exit_code == 0


def _row(
    number: int, stock: float, use: float | None, *, back: int = 0, dci: str = "midazolam", form: str | None = FORM
) -> Cells:
    return [LAST - timedelta(weeks=back), f"75000000{number}", None, dci, form, stock, use]


def _week(home: Home, subject: str = GROUP, week: date = LAST) -> dict[str, Any]:
    found = home.reader().row(
        "SELECT * FROM pui_week WHERE subject_id = $subject AND week = $week", subject=subject, week=week
    )
    assert found is not None
    return found


def _status(home: Home, subject: str = GROUP) -> dict[str, Any]:
    found = home.reader().row("SELECT * FROM link_status WHERE subject_id = $s AND link = 'pui'", s=subject)
    assert found is not None
    return found


def test_the_stock_of_those_that_answer_is_counted_against_their_own_use(home: Home) -> None:
    # (420 + 100 + 80) / (20 + 10 + 20) = 12 days, between 7 and 14; the fourth gives no use: neither its stock.
    _home(home, [_row(1, 420, 20), _row(2, 100, 10), _row(3, 80, 20), _row(4, 5000, None)])
    shown = _status(home)
    assert (shown["coverage_days"], shown["status"], shown["figure_state"]) == (12, "acceptable", "a_jour")
    assert shown["participants"] == 4
    assert shown["stock_boxes"] is None, "units are not boxes"
    assert shown["weakness_rank"] == 1
    assert _week(home)["establishments_counted"] == 3
    (paris,) = home.reader().rows("SELECT * FROM pui_department WHERE subject_id = $s", s=GROUP)
    assert (paris["department"], paris["coverage_days"], paris["establishments"]) == ("75", 12, 4)


def test_too_few_hospitals_make_no_figure(home: Home) -> None:
    _home(home, [_row(1, 420, 20), _row(2, 100, 10)])
    shown = _status(home)
    assert (shown["status"], shown["figure_state"], shown["coverage_days"]) == (
        "non_pertinente",
        "non_pertinente",
        None,
    )
    assert shown["state_reason"] == "Trop peu de PUI ont donné stock et consommation : 2."
    assert shown["weakness_rank"] is None


def test_a_use_of_zero_makes_no_days(home: Home) -> None:
    _home(home, [_row(number, 50, 0) for number in (1, 2, 3)])
    assert _status(home)["state_reason"] == "Consommation nulle ou inconnue : la couverture ne se calcule pas."


def test_hospitals_that_fall_silent_make_the_figure_incomplete(home: Home) -> None:
    # Last week 3 of 8 answer: 30 of a use of 80, under 50 %.
    before = [_row(number, 100, 10, back=1) for number in range(1, 9)]
    _home(home, [*before, *(_row(number, 100, 10) for number in (1, 2, 3))])
    shown = _status(home)
    assert (shown["figure_state"], shown["coverage_days"]) == ("incomplet", 10)
    assert shown["state_reason"] == "3 PUI ont répondu sur 8 attendues : les autres ne sont pas dans la somme."
    assert _week(home, week=LAST - timedelta(weeks=1))["figure_state"] == "a_jour"


@pytest.mark.parametrize(
    ("stock", "days", "state", "status"),
    [
        # One month of 36 525 units: 36 525 × 12 / 365,25 = 1 200 a day. 3 × 7 000 / 1 200 = 17,5 days, over 14.
        (7000, 17.5, "incomplet", "satisfaisante"),
        # 3 × 700 / 1 200 = 1,75: a minimum that says nothing of the others.
        (700, None, "non_pertinente", "non_pertinente"),
    ],
)
def test_without_any_use_what_all_hospitals_buy_gives_a_minimum(
    home: Home, stock: float, days: float | None, state: str, status: str
) -> None:
    sales = [[date(2026, 10, 1), UCD, "Hôpital", "MIDAZOLAM 5MG/ML INJ AMP 1ML", None, None, 36525]]
    _home(home, [_row(number, stock, None) for number in (1, 2, 3)], sales)
    shown = _status(home)
    assert (shown["coverage_days"], shown["figure_state"], shown["status"]) == (days, state, status)
    assert shown["state_reason"].startswith("Aucune de ces 3 PUI n'a donné sa consommation")
    assert _week(home)["hospital_daily_units"] == 1200
    assert _week(home)["demand_origin"] == "achats de tous les hôpitaux, 1 mois jusqu'au 10/2026 (GERS)"


def test_a_unit_is_matched_through_its_label_and_a_bare_dci_counts_for_the_dci_only(home: Home) -> None:
    rows = [_row(number, 100, 10, dci=UCD, form="MIDAZOLAM 5MG/ML INJ AMP 1ML") for number in (1, 2, 3)]
    bare = [_row(number, 300, 10, form=None) for number in (4, 5, 6)]
    other = [_row(7, 1000, 10, form="solution injectable 1 mg/ml")]
    _home(home, [*rows, *bare, *other])
    assert _status(home)["coverage_days"] == 10
    # (3 × 100 + 3 × 300 + 1 000) / 70
    assert _status(home, "dci:midazolam")["coverage_days"] == pytest.approx(2200 / 70)
    assert not home.reader().rows("SELECT * FROM unmatched_key")


def test_a_whole_dci_and_its_forms_from_one_hospital_are_counted_once(home: Home) -> None:
    whole = [_row(number, 100, 10, form=None) for number in (1, 2, 3)]
    forms = [_row(number, 60, 5) for number in (1, 2, 3)]
    _home(home, [*whole, *forms])
    assert _status(home, "dci:midazolam")["coverage_days"] == 10
    assert _status(home)["coverage_days"] == 12


def test_what_names_nothing_is_listed_as_read_without_effect(home: Home) -> None:
    _home(home, [_row(1, 10, 1, dci="midazolan"), _row(2, 10, 1, dci="9499999", form="INCONNU 5MG CPR")])
    found = {row["key"]: row for row in home.reader().rows("SELECT * FROM unmatched_key")}
    assert set(found) == {"midazolan", "9499999"}
    assert found["midazolan"]["likely_key"] == "midazolam"
    assert "ni UCD dont un libellé dise la DCI" in found["9499999"]["reason"]


def test_two_files_of_one_drop_that_differ_wait_both(home: Home) -> None:
    for name, stock in (("un", 100), ("deux", 900)):
        rows = [_row(number, stock if number == 1 else 100, 10) for number in (1, 2, 3, 4)]
        home.drop("dispostock", f"{name}.xlsx", {"dispostock_stock": rows})
        os.utime(home.path / "inbox" / "dispostock" / f"{name}.xlsx", (1_795_000_000, 1_795_000_000))
    _home(home, [_row(9, 100, 10, back=1)])
    # 3 × 100 / 30: neither 100 nor 900 of the first one.
    assert _status(home)["coverage_days"] == 10
    assert _week(home)["establishments"] == 3
    waiting = home.reader().rows("SELECT * FROM doubtful_row WHERE state = 'à confirmer'")
    assert [row["reporter"] for row in waiting] == ["750000001"] * 2


def test_a_plan_without_the_link_has_no_row(home: Home) -> None:
    _home(home, [_row(number, 100, 10) for number in (1, 2, 3)])
    rows = home.reader().rows(
        "SELECT DISTINCT g.plan FROM link_status AS l INNER JOIN tracked_group AS g ON g.group_id = l.subject_id"
        " WHERE l.link = 'pui'"
    )
    found = {row["plan"] for row in rows}
    assert found <= {plan.id for plan in plans() if any(link.link == "pui" for link in plan.links)}
    assert "canicule" in found
    assert "hivernal" not in found
