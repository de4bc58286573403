"""Weeks that are months, weeks of another year, a Monday after its Sunday count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from connectors.base import RefusedFile, Sheet, tables
from connectors.reading.grid import read_grid

STOCKS = tables("tracstocks")["tracstocks_stock"]
HEAD = ["Semaine", "Laboratoire", "CIP13", "Stock (boîtes)", "Ventes semaine", "Date du relevé"]
RECEIVED = date(2026, 11, 17)  # a Tuesday


def read(*weeks: object, received: date = RECEIVED, counted: tuple[object, ...] = ()) -> Sheet:
    """A file with one line per week."""
    days = counted or (None,) * len(weeks)
    rows = [[week, "LABO A", "3400930000014", 100, 10, day] for week, day in zip(weeks, days, strict=True)]
    return read_grid(enumerate([HEAD, *rows], start=1), STOCKS, "Stocks", received=received)


def refusal(*weeks: object, received: date = RECEIVED) -> str:
    with pytest.raises(RefusedFile) as caught:
        read(*weeks, received=received)
    return str(caught.value)


def test_months_written_as_numbers_are_refused() -> None:
    # 202601 to 202611 received on 17/11: weeks 1 to 11 would end on 15/03, eight months ago; eleven months have come.
    # The last one ends on Monday 30/11, in week 49.
    assert refusal(*(202600 + month for month in range(1, 12))) == (
        "« Stocks » : « Semaine » donne 202601 à 202611 (202611 lu comme la semaine 11 de 2026) : ce sont sans doute des mois"
        " (janvier 2026 à novembre 2026) et non des semaines. Écrire la semaine du comptage (2026-S49)."
        " Si ce sont bien des semaines, l'écrire ainsi : 2026-S11."
    )
    assert "(octobre 2026)" in refusal("202610")
    assert refusal("202610").endswith("Si ce sont bien des semaines, l'écrire ainsi : 2026-S10.")


def test_the_first_month_of_the_year_is_not_the_first_week() -> None:
    # Received on 05/02: week 1 of 2026 ended on 04/01, a month ago; January ended on 31/01.
    assert "(janvier 2026)" in refusal(202601, received=date(2026, 2, 5))


@pytest.mark.parametrize(
    ("weeks", "received"),
    [
        ((202601, 202602, 202603), date(2026, 1, 20)),  # February has not begun: weeks
        ((202611,), date(2026, 3, 16)),  # November neither
        (tuple(range(202601, 202625)), RECEIVED),  # there is no month 13
        ((202601,), date(2026, 1, 6)),
        (("2026-S01", "2026-S11"), RECEIVED),  # a letter leaves no doubt
    ],
)
def test_true_weeks_are_read(weeks: tuple[object, ...], received: date) -> None:
    assert len(read(*weeks, received=received).rows) == len(weeks)


def test_firsts_of_months_are_refused() -> None:
    # 01/10/2026 and 01/11/2026, as days of a spreadsheet or as texts: no two weeks begin on the first of a month.
    for first, second in ((date(2026, 10, 1), date(2026, 11, 1)), ("01/10/2026", "01/11/2026")):
        assert refusal(first, second) == (
            "« Stocks » : « Semaine » donne le premier jour d'un mois (01/10/2026 à 01/11/2026) : ce sont sans doute des mois"
            " (octobre 2026 à novembre 2026) et non des semaines. Écrire la semaine du comptage (2026-S49)."
        )
    assert "(octobre 2026)" in refusal(date(2026, 10, 1))  # a Thursday
    assert len(read(date(2026, 11, 1)).rows) == 1  # a Sunday, when stocks are counted
    counted = (date(2026, 10, 1), date(2026, 11, 1))
    assert len(read(*counted, counted=counted).rows) == 2  # the days of counting confirm them


@pytest.mark.parametrize("month", ["novembre 2026", "2026-11", "11/2026", "nov. 2026"])
def test_a_month_in_a_cell_is_named(month: str) -> None:
    sheet = read(month, "2026-S46")
    assert [(issue.line, issue.reason) for issue in sheet.quarantined] == [
        (2, f"« {month} » est un mois (de novembre), une semaine est attendue (2026-S46)")
    ]


def test_a_label_of_the_wrong_year_at_the_turn_is_doubted_beside_the_others() -> None:
    # 2025-S01 begins on 30/12/2024; the others are of December 2025, and the week of 29/12/2025 is 2026-S01.
    sheet = read("2025-S51", "2025-S52", "2025-S01", received=date(2026, 1, 6))
    assert [row["week"] for row in sheet.rows] == [date(2025, 12, 15), date(2025, 12, 22)]
    assert [(issue.line, issue.reason) for issue in sheet.quarantined] == [
        (
            4,
            (
                "semaine « 2025-S01 » : elle commence le 30/12/2024, loin des autres semaines du fichier ; sans doute 2026-S01"
                " (29/12/2025). Écrire la bonne semaine, ou la date de son lundi"
            ),
        )
    ]


def test_a_label_of_the_wrong_year_is_doubted_by_its_reception() -> None:
    sheet = read("2025-S01", received=date(2026, 1, 5))
    assert "loin de la réception du fichier ; sans doute 2026-S01 (29/12/2025)" in sheet.quarantined[0].reason
    assert "sans doute 2025-S52 (22/12/2025)" in read("2026-S52", received=date(2025, 12, 29)).quarantined[0].reason
    assert read(date(2024, 12, 30), received=date(2026, 1, 5)).rows[0]["week"] == date(2024, 12, 30)  # the way out


def test_a_whole_year_and_the_same_week_last_year_are_read() -> None:
    monday = date(2024, 12, 30)
    year = [f"{monday + timedelta(weeks=n):%G-S%V}" for n in range(53)]  # 2025-S01 to 2026-S01
    assert len(read(*year, received=date(2026, 1, 6)).rows) == 53
    assert len(read("2025-S46", "2026-S46").rows) == 2
    assert len(read("2025-S46").rows) == 1  # history sent later


def test_weeks_of_last_winter_sent_late_are_read() -> None:
    # They begin before the turn of the year, so that the year of the last is no slip, though it lies a year before the reception.
    late = read("2025-S50", "2025-S51", "2025-S52", "2026-S01", received=date(2027, 1, 5))
    assert [row["week"] for row in late.rows] == [date(2025, 12, 8) + timedelta(weeks=n) for n in range(4)]
    # A week of another season beside it vouches for nothing.
    apart = read("2025-S40", "2026-S01", received=date(2027, 1, 5))
    assert [(issue.line, "sans doute 2027-S01" in issue.reason) for issue in apart.quarantined] == [(3, True)]


def test_a_week_far_from_all_others_is_doubted() -> None:
    # A finger slips: 2016 for 2026, and the same week of 2026 is in the file.
    sheet = read("2016-S46", "2026-S45", "2026-S46")
    assert [(issue.line, issue.reason) for issue in sheet.quarantined] == [
        (
            2,
            (
                "semaine « 2016-S46 » : elle commence le 14/11/2016, à plus de 9 ans des autres semaines du fichier. Écrire la"
                " bonne semaine, ou la date de son lundi"
            ),
        )
    ]


def test_a_monday_after_its_sunday_count_is_refused() -> None:
    # Monday 16/11/2026 opens week 47, not over when the file came on Tuesday 17: Sunday 15 was counted, week 46.
    assert refusal(date(2026, 11, 9), date(2026, 11, 16)) == (
        "« Stocks » : « Semaine » donne le lundi 16/11/2026, et la semaine 2026-S47 n'était pas finie à la réception"
        " (17/11/2026). Le stock compté le dimanche 15/11/2026 est celui de la semaine 2026-S46 : l'écrire ainsi."
    )
    assert len(read(date(2026, 11, 9)).rows) == 1


def test_months_that_follow_across_the_year_are_refused() -> None:
    # December and January are neighbours; weeks 12 of 2025 and 1 of 2026 (received on 12/01) are forty-one weeks apart.
    assert "(décembre 2025 à janvier 2026)" in refusal("202512", "202601", received=date(2026, 1, 12))
    months = (*range(202401, 202413), 202501)
    assert "(janvier 2024 à janvier 2025)" in refusal(*months, received=date(2025, 1, 20))


def test_what_nothing_settles_is_asked_with_both_readings() -> None:
    # Week 2 of 2026 ended on 11/01, thirty days before; February has begun and is not over.
    assert refusal("202602", received=date(2026, 2, 10)) == (
        "« Stocks » : « Semaine » est ambigu : « 202602 » est-il la semaine 2 de 2026 (05/01/2026 au 11/01/2026) ou février"
        " 2026 ? Écrire la semaine ainsi : 2026-S02."
    )


@pytest.mark.parametrize(
    ("file", "week"),
    [
        ("stocks_S02_2026.xlsx", date(2026, 1, 5)),
        ("Relevé hebdomadaire.xlsx", date(2026, 1, 5)),
        ("stocks sem 2.csv", date(2026, 1, 5)),
        ("stocks_février_2026.xlsx", None),
        ("relevé mensuel.xlsx", None),
        ("stocks 2026-02.xlsx", None),  # as open as the cell
        ("semaine du 10 février.xlsx", None),  # both
    ],
)
def test_the_name_of_the_file_may_settle(file: str, week: date | None) -> None:
    rows: list[Sequence[object]] = [HEAD, ["202602", "LABO A", "3400930000014", 100, 10, None]]
    if week is None:
        with pytest.raises(RefusedFile):
            read_grid(enumerate(rows, start=1), STOCKS, "Stocks", received=date(2026, 2, 10), file=file)
    else:
        sheet = read_grid(enumerate(rows, start=1), STOCKS, "Stocks", received=date(2026, 2, 10), file=file)
        assert [row["week"] for row in sheet.rows] == [week]


def test_the_other_rows_settle_a_number_among_labels() -> None:
    # October ends in week 44, a week before 2026-S45; week 10 is thirty-five weeks before.
    sheet = read("202610", "2026-S45")
    assert [row["week"] for row in sheet.rows] == [date(2026, 11, 2)]
    assert sheet.quarantined[0].reason == (
        "semaine ou mois : « 202610 » est-il la semaine 10 de 2026 (02/03/2026 au 08/03/2026) ou octobre 2026 ? Les semaines"
        " écrites autrement dans le fichier sont plus près du mois. Écrire la semaine ainsi : 2026-S10, ou celle du comptage"
    )
    assert len(read("202610", "202645").rows) == 2  # there is no month 45: the column writes weeks so
    assert len(read("202609", "2026-S10", received=date(2026, 3, 16)).rows) == 2  # a week apart


def test_a_number_in_a_column_of_days_is_read_as_its_neighbours() -> None:
    table = tables("trustmed")["trustmed_version"]
    head = [next(iter(f.headers))[0] for f in table.fields if f.required or f.name == "expected_return_on"]
    base = {"declaration_no": "D-1", "version_on": "01/09/2026", "laboratory": "LABO A", "cip13": "3400930000014",
            "kind": "Rupture", "status": "Ouverte", "causes": "Autre", "circuits": "Ville",
            "start_on": "01/09/2026"}  # fmt: skip
    names = [f.name for f in table.fields if f.required or f.name == "expected_return_on"]

    def days(*cells: object) -> Sheet:
        rows = [[{**base, "version_no": n, "expected_return_on": cell}[name] for name in names]
                for n, cell in enumerate(cells, start=1)]  # fmt: skip
        return read_grid(enumerate([head, *rows], start=1), table, "Déclarations")

    for number in ("202610", 202610):
        (issue,) = days(number).quarantined
        assert issue.reason == (
            "date ambiguë : « 202610 » est-il la semaine 10 de 2026 (02/03/2026 au 08/03/2026) ou octobre 2026 ?"
            " Écrire un jour (jj/mm/aaaa)"
        )
        # 202645 can only be a week: 202610 is the week from 02/03 to 08/03; « 12/2026 » is a month: 202610 is October.
        assert [r["expected_return_on"] for r in days(number, "202645").rows] == [date(2026, 3, 8), date(2026, 11, 8)]
        assert [r["expected_return_on"] for r in days(number, "12/2026").rows] == [
            date(2026, 10, 31),
            date(2026, 12, 31),
        ]
        assert len(days(number, "202645", "12/2026").quarantined) == 1
