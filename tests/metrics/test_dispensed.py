"""Boxes on prescription, and by age, sex and origin: never counted twice, worked by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connectors.reading.correction import REFERENCE_TITLE
from metrics.coverage import queries as coverage
from tests.conftest import Home
from tests.referential import files, simple

pytestmark = pytest.mark.computes("sales_weekly", "dispensed_prescribed", "dispensed_detail", "quarantine")

AMOX = simple("90000001", "AMOXICILLINE LABORATOIRE A 500 mg/5 ml, poudre pour suspension buvable", "AMOXICILLINE")
GROUP = "amoxicilline-susp-500"
DAY = date(2026, 11, 18)
Line = tuple[object, ...]  # region, boxes, prescribed, age, sex, origin


@pytest.fixture
def known(home: Home) -> Home:
    for name, content in files([AMOX]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


def sold(home: Home, lines: list[Line], week: str = "2026-S45", name: str = "ventes.xlsx") -> None:
    rows = [[week, AMOX.cip13, *line] for line in lines]
    home.drop("openhealth", name, {"openhealth_sales": rows})


def boxes(home: Home) -> list[float]:
    assert home.refresh(DAY).error == ""
    return [float(value) for value in coverage.sales(home.reader(), GROUP)["boxes"]]


def detail(home: Home) -> dict[tuple[str, str], tuple[float, float]]:
    table = coverage.dispensed_detail(home.reader(), GROUP)
    return {(row["dimension"], row["class"]): (row["boxes"], row["whole_boxes"]) for row in table.to_dict("records")}


TOTAL: list[Line] = [("84", 100, 90, None, None, None), ("11", 50, None, None, None, None)]
BY_AGE: list[Line] = [("84", 60, None, "0-19", None, None), ("84", 30, None, "20-64", None, None),
                      ("84", 8, None, "65 et plus", None, None)]  # fmt: skip
BY_AGE_AND_SEX: list[Line] = [("84", 40, None, "0-19", "F", None), ("84", 20, None, "0-19", "M", None),
                              ("84", 30, None, "20-64", "F", None)]  # fmt: skip
BY_ORIGIN: list[Line] = [("84", 85, None, None, None, "Ville"), ("84", 15, None, None, None, "Sans ordonnance")]


def test_a_file_with_totals_and_parts_is_not_added_twice(known: Home) -> None:
    # 100 + 50: the totals alone. Parts: 60 + 30 + 8 = 98 of the 100 of region 84, and 85 + 15 by origin.
    sold(known, [*TOTAL, *BY_AGE, *BY_ORIGIN])
    assert boxes(known) == [150]
    assert detail(known) == {
        ("age", "0-19"): (60, 98),
        ("age", "20-64"): (30, 98),
        ("age", "65 et plus"): (8, 98),
        ("origin", "ville"): (85, 100),
        ("origin", "sans ordonnance"): (15, 100),
    }


def test_without_a_total_one_cut_is_added_up(known: Home) -> None:
    # By age 98, by origin 100: both say the same boxes. One dimension each; by the alphabet, age.
    sold(known, [*BY_AGE, *BY_ORIGIN])
    assert boxes(known) == [98]


def test_the_coarsest_cut_stands_for_each_dimension(known: Home) -> None:
    # Sex is known by age and sex alone: 40 + 30 women of 90. Age by age alone: 60 of 98, not 60 + 60.
    sold(known, [*BY_AGE, *BY_AGE_AND_SEX])
    assert boxes(known) == [98]
    assert detail(known) == {
        ("age", "0-19"): (60, 98),
        ("age", "20-64"): (30, 98),
        ("age", "65 et plus"): (8, 98),
        ("sex", "femmes"): (70, 90),
        ("sex", "hommes"): (20, 90),
    }


def test_details_of_which_a_line_was_not_read_are_not_the_whole(known: Home) -> None:
    # 30 of S45 are unreadable: 70 boxes aged 20 and more are neither the sale nor « 100 % ». S44 is whole: 40 + 60.
    part: list[Line] = [("84", "?", None, "0-19", None, None), ("84", 70, None, "20 et plus", None, None)]
    whole: list[Line] = [("84", 40, None, "0-19", None, None), ("84", 60, None, "20 et plus", None, None)]
    sold(known, part)
    sold(known, whole, week="2026-S44", name="before.xlsx")
    assert boxes(known) == [100]
    assert detail(known) == {("age", "0-19"): (40, 100), ("age", "20 et plus"): (60, 100)}
    # A total tells the sale; the file sent again whole tells both.
    sold(known, [("84", 101, None, None, None, None)], name="total.xlsx")
    assert boxes(known) == [100, 101]
    sold(known, [("84", 30, None, "0-19", None, None), part[1]], name="later.xlsx")
    assert known.refresh(date(2026, 11, 19)).error == ""
    assert detail(known) == {("age", "0-19"): (70, 200), ("age", "20 et plus"): (130, 200)}


def test_details_are_whole_again_once_the_line_is_corrected(known: Home) -> None:
    # « ? » is corrected to 30: 30 + 70.
    sold(known, [("84", "?", None, "0-19", None, None), ("84", 70, None, "20 et plus", None, None)])
    assert boxes(known) == []
    (waiting,) = known.reader().rows("SELECT row_ref FROM quarantine")
    titles = f"SEMAINE;CIP13;REGION;BOITES;AGE;{REFERENCE_TITLE}"
    known.drop_text("openhealth", "retour.csv", f"{titles}\n2026-S45;{AMOX.cip13};84;30;0-19;{waiting['row_ref']}\n")
    assert known.refresh(date(2026, 11, 19)).error == ""
    assert [float(value) for value in coverage.sales(known.reader(), GROUP)["boxes"]] == [100]
    assert detail(known) == {("age", "0-19"): (30, 100), ("age", "20 et plus"): (70, 100)}


def test_a_line_whose_sex_cannot_be_read_is_missing_too(known: Home) -> None:
    sold(known, [("84", 30, None, None, "?", None), ("84", 70, None, None, "F", None)])
    assert boxes(known) == []
    assert detail(known) == {}


def test_a_later_file_with_other_ages_replaces_the_first(known: Home) -> None:
    sold(known, BY_AGE)
    assert boxes(known) == [98]
    sold(known, [("84", 70, None, "0-29", None, None), ("84", 29, None, "30 et plus", None, None)], name="again.xlsx")
    assert boxes(known) == [99]
    assert detail(known) == {("age", "0-29"): (70, 99), ("age", "30 et plus"): (29, 99)}


def test_a_total_received_later_wins_over_the_parts(known: Home) -> None:
    sold(known, BY_AGE)
    assert boxes(known) == [98]
    sold(known, TOTAL, name="total.xlsx")
    assert boxes(known) == [150]


def shares(home: Home) -> list[tuple[Any, ...]]:
    names = ("weeks", "boxes", "known_boxes", "prescribed_boxes", "unprescribed_boxes", "prescribed_pct")
    return [tuple(row[name] for name in names) for row in coverage.prescribed(home.reader(), GROUP)]


def test_the_prescribed_share_is_that_of_the_lines_that_tell_it(known: Home) -> None:
    # 90 of the 100 boxes that say it; the 50 of region 11 do not. S45 alone in both periods: 4 weeks, then 52.
    sold(known, TOTAL)
    assert boxes(known) == [150]
    assert shares(known) == [(4, 150, 100, 90, 10, 90), (52, 150, 100, 90, 10, 90)]
    (recent, _) = coverage.prescribed(known.reader(), GROUP)
    assert recent["through_on"] == date(2026, 11, 8)  # Sunday of S45
    assert recent["known_pct"] == pytest.approx(100 * 100 / 150)


def test_older_weeks_count_in_the_year_only(known: Home) -> None:
    # S45 90/100; S41, four weeks before: 10/100. Last four weeks: 90 %; the year: 100/200.
    sold(known, [("84", 100, 90, None, None, None)])
    sold(known, [("84", 100, 10, None, None, None)], week="2026-S41", name="before.xlsx")
    assert boxes(known) == [100, 100]
    assert [row[5] for row in shares(known)] == [90, 50]


def test_more_on_prescription_than_sold_is_not_known(known: Home) -> None:
    sold(known, [("84", 100, 120, None, None, None), ("11", 50, 25, None, None, None)])
    assert boxes(known) == [150]
    assert shares(known)[0] == (4, 150, 50, 25, 25, 50)


def test_lines_without_a_prescribed_share_say_nothing(known: Home) -> None:
    sold(known, [("84", 100, None, None, None, None)])
    assert boxes(known) == [100]
    assert shares(known) == []
    assert detail(known) == {}
