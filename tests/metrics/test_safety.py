"""Safety stocks: the small demo recomputed from its files in plain Python; then duties, gaps and days typed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Home
from tests.metrics import naive_safety
from tests.metrics.naive_files import read
from tests.pages.conftest import DAY
from tests.referential import files, simple

Row = dict[str, Any]
LAST = date(2026, 11, 9)
WEEKS = [LAST - timedelta(weeks=back) for back in range(51, -1, -1)]
WHO = "LABORATOIRE A"
ONE, TWO = (simple(f"9000000{rank}", f"FICTIVIR {rank}00 mg", "FICTIVIR") for rank in (1, 2))


@pytest.fixture(scope="module")
def demo(built_demo: Path) -> Iterator[tuple[Home, dict[tuple[str, str, date], Row]]]:
    raw = built_demo / "raw"
    inputs = read(raw, DAY, sources=("tracstocks", "references"))
    yield Home(built_demo), naive_safety.weekly(inputs, naive_safety.duties(raw))


def test_every_week_of_every_presentation_is_the_one_found_by_hand(demo: tuple[Home, dict[Any, Row]]) -> None:
    home, expected = demo
    rows = home.reader().rows("SELECT * FROM safety_stock_week")
    assert {(row["cip13"], row["laboratory"], row["week"]) for row in rows} == set(expected)
    for row in rows:
        by_hand = expected[row["cip13"], row["laboratory"], row["week"]]
        months = None if by_hand["months"] is None else pytest.approx(by_hand["months"])
        assert {**{key: row[key] for key in by_hand}, "months": months} == by_hand | {"months": row["months"]}, row


def test_every_line_counts_its_days(demo: tuple[Home, dict[Any, Row]]) -> None:
    home, weeks = demo
    expected = naive_safety.standing(weeks)
    lines = {(row["cip13"], row["laboratory"]): row for row in home.reader().rows("SELECT * FROM safety_stock")}
    measured = {key: row for key, row in lines.items() if row["figure_state"] != "absent"}
    assert set(measured) == set(expected)
    for key, row in measured.items():
        by_hand = expected[key]
        assert [row[name] for name in ("days_under", "days_known", "days_unknown")] == [
            by_hand[name] for name in ("days_under", "days_known", "days_unknown")
        ]
        if by_hand["last"]["is_under"]:
            assert row["under_since_on"] == by_hand["since"]
    assert {row["duty_origin"] for row in lines.values()} >= {"règle générale", "liste 4 mois"}
    assert {row["is_under"] for row in measured.values()} == {True, False}


def test_a_presentation_nobody_reported_keeps_a_row_without_a_figure(demo: tuple[Home, dict[Any, Row]]) -> None:
    home, _ = demo
    absent = home.reader().rows("SELECT * FROM safety_stock WHERE figure_state = 'absent'")
    owed = set(naive_safety.duties(home.path / "raw"))
    measured = {row["cip13"] for row in home.reader().rows("SELECT DISTINCT cip13 FROM safety_stock_week")}
    assert {row["cip13"] for row in absent} == owed - measured
    for row in absent:
        assert (row["months"], row["is_under"], row["days_under"], row["days_known"]) == (None, None, 0, 0)


def test_nothing_of_it_is_shared(built_demo: Path) -> None:
    assert not {name for name in Home(built_demo).reader("shared").tables if name.startswith("safety_")}


def lines(stocks: dict[date, float], cip13: str = ONE.cip13, sales: float = 100, who: str = WHO) -> list[list[object]]:
    """TracStocks in the order of its fields: ``sales`` boxes each week, the same reported as usual."""
    return [[week, who, cip13, None, stock, sales * 365.25 / 84, None, sales, None] for week, stock in stocks.items()]


MONTHLY = 100 * 365.25 / 84  # boxes a month at 100 boxes a week


def deposit(home: Home, stocks: list[list[object]], lists: list[list[object]] | None = None) -> dict[str, Row]:
    """The referential (ONE and TWO are MITM), stocks, lists; lines by CIP13 after a refresh on the 22nd."""
    medicines = [medicine.__class__(**{**medicine.__dict__, "atc": "J05AX99"}) for medicine in (ONE, TWO)]
    folder = home.path / "inbox" / "bdpm"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(medicines).items():
        (folder / name).write_bytes(content)
    home.drop("tracstocks", "t.xlsx", {"tracstocks_stock": stocks})
    if lists:
        home.drop("listes", "l.xlsx", {"listes_member": lists})
    report = home.refresh()
    assert report.published, report.error
    return {row["cip13"]: row for row in home.reader().rows("SELECT * FROM safety_stock")}


def test_months_are_the_stock_over_the_mean_month_of_twelve(home: Home) -> None:
    by_code = deposit(home, lines(dict.fromkeys(WEEKS, 2.5 * MONTHLY)))
    row = by_code[ONE.cip13]
    assert row["months"] == pytest.approx(2.5)
    assert (row["duty_months"], row["is_under"], row["days_under"], row["figure_state"]) == (2, False, 0, "a_jour")
    other = by_code[TWO.cip13]
    assert (other["figure_state"], other["laboratory"], other["months"]) == ("absent", WHO, None)


def test_days_under_are_seven_a_reading_and_a_stock_at_its_duty_is_not_under(home: Home) -> None:
    stocks = dict.fromkeys(WEEKS, 2 * MONTHLY + 1e-6)
    stocks |= dict.fromkeys(WEEKS[10:13], MONTHLY) | dict.fromkeys(WEEKS[-2:], 1.5 * MONTHLY)
    row = deposit(home, lines(stocks))[ONE.cip13]
    assert (row["days_under"], row["days_known"]) == (35, 364)
    assert row["under_since_on"] == WEEKS[-2]
    assert row["missing_boxes"] == pytest.approx(0.5 * MONTHLY, abs=1)


def test_four_months_and_a_decision_hold_from_their_day_and_the_decision_wins(home: Home) -> None:
    lists = [
        ["Stock 4 mois", ONE.cis, None, None, None, WEEKS[-10]],
        ["Stock 4 mois", TWO.cis, None, None, None, None],
        ["Décision de stock", TWO.cis, None, None, 1, WEEKS[-4]],
    ]
    stocks = dict.fromkeys(WEEKS, 3 * MONTHLY)
    by_code = deposit(home, lines(stocks) + lines(stocks, TWO.cip13), lists)
    first, second = by_code[ONE.cip13], by_code[TWO.cip13]
    assert (first["duty_months"], first["duty_origin"], first["days_under"]) == (4, "liste 4 mois", 70)
    assert (second["duty_months"], second["duty_origin"], second["is_under"]) == (1, "décision", False)
    assert second["days_under"] == 7 * 48  # four months were owed until the decision


def test_a_late_reading_is_neither_zero_nor_under(home: Home) -> None:
    """Three weeks without a report: the last months known stay, marked late, and no day is counted under."""
    kept = lines(dict.fromkeys(WEEKS, 3 * MONTHLY), TWO.cip13)
    row = deposit(home, lines(dict.fromkeys(WEEKS[:-3], 3 * MONTHLY)) + kept)[ONE.cip13]
    assert (row["figure_state"], row["days_under"], row["days_unknown"]) == ("en_retard", 0, 14)
    assert row["measured_on"] == WEEKS[-3] + timedelta(days=6)  # carried one week after the last reading
    assert row["months"] == pytest.approx(3)


def test_one_missing_week_is_carried_and_marked(home: Home) -> None:
    kept = lines(dict.fromkeys(WEEKS, 3 * MONTHLY), TWO.cip13)
    row = deposit(home, lines(dict.fromkeys(WEEKS[:-1], 3 * MONTHLY)) + kept)[ONE.cip13]
    assert (row["figure_state"], row["measured_on"]) == ("estime", LAST + timedelta(days=6))


def test_an_exceptional_month_leaves_the_reference(home: Home) -> None:
    """Sales ten times the usual in May: excluded, the months are those of an ordinary year."""
    rows = [
        [week, WHO, ONE.cip13, None, 2 * MONTHLY, None, None, 1000 if week.month == 5 else 100, None] for week in WEEKS
    ]
    home.drop("references", "r.xlsx", {"references_excluded": [["dci:fictivir", date(2026, 5, 1), "Épidémie"]]})
    row = deposit(home, rows)[ONE.cip13]
    assert row["months"] == pytest.approx(2)
    assert row["excluded_weeks"] == 5  # the week that begins on April 27th holds three days of May


def test_an_open_file_is_shown_beside_and_excuses_nothing(home: Home) -> None:
    home.drop("trustmed", "t.xlsx", {"trustmed_version": [[
        "D-1", 1, date(2026, 11, 2), WHO, ONE.cip13, "Risque", "Ouverte", "Incident de production", "Ville", date(2026, 11, 20),
        45, None, None, None, None, None, None, None, None, None,
    ]]})  # fmt: skip
    row = deposit(home, lines(dict.fromkeys(WEEKS, MONTHLY)))[ONE.cip13]
    assert (row["is_under"], row["days_under"]) == (True, 364)
    assert (row["open_declarations"], row["declaration_nos"], row["has_rupture"]) == (1, "D-1", False)


def test_no_sale_is_unknown_not_infinite(home: Home) -> None:
    row = deposit(home, lines(dict.fromkeys(WEEKS, 500.0), sales=0))[ONE.cip13]
    assert (row["figure_state"], row["months"], row["is_under"]) == ("non_pertinente", None, None)


def test_a_presentation_handed_over_is_owed_by_the_one_who_tells_it(home: Home) -> None:
    before = lines(dict.fromkeys(WEEKS[:30], MONTHLY))
    after = lines(dict.fromkeys(WEEKS[30:], 3 * MONTHLY), who="LABORATOIRE B")
    deposit(home, before + after)
    owners = home.reader().rows("SELECT laboratory FROM safety_stock WHERE cip13 = $code", code=ONE.cip13)
    assert owners == [{"laboratory": "LABORATOIRE B"}]
