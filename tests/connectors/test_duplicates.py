"""Rows of one key on one sheet: identical, conflicting, spelt differently."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import openhealth
from connectors.base import RawFile, RefusedFile, Sheet, tables
from connectors.reading.grid import read_grid
from tests.connectors.partner_files import titles

STOCKS = tables("pointstock")["pointstock_stock"]
TITLES = titles("pointstock", "pointstock_stock")[:6]
CODES = ("3400930000014", "3400930000021", "3400930000038")


def line(code: str, stock: object, house: str = "Grossiste A", week: object = "2026-S46") -> list[object]:
    return [week, house, code, None, stock, 70]


def read(*rows: list[object]) -> Sheet:
    return read_grid(enumerate((TITLES, *rows), start=1), STOCKS, "Stocks")


def problems(sheet: Sheet) -> list[tuple[int, str, str]]:
    return [(item.line, item.column, item.reason) for item in sheet.quarantined]


def test_conflicting_rows_are_all_quarantined() -> None:
    sheet = read(line(CODES[0], 250), line(CODES[1], 12), line(CODES[0], 300))
    assert [row["cip13"] for row in sheet.rows] == [CODES[1]]
    assert problems(sheet) == [
        (2, "Stock (boîtes)", "contredit la ligne 4 : Stock (boîtes) 250 au lieu de 300"),
        (4, "Stock (boîtes)", "contredit la ligne 2 : Stock (boîtes) 300 au lieu de 250"),
    ]
    assert sheet.quarantined[0].cells == ("2026-S46", "Grossiste A", CODES[0], "", "250", "70")
    assert sheet.balanced


def test_identical_rows_are_kept_once() -> None:
    sheet = read(line(CODES[0], 250), line(CODES[1], 12), line(CODES[0], "250,0"), line(CODES[0], 250.0))
    assert [row["line"] for row in sheet.rows] == [2, 3]
    assert (sheet.rows_in, sheet.rows_ignored, sheet.quarantined) == (4, 2, [])
    assert [(note.line, note.reason) for note in sheet.notes] == [
        (4, "identique à la ligne 2 : ignorée"),
        (5, "identique à la ligne 2 : ignorée"),
    ]


def test_two_rows_that_agree_do_not_outvote_a_third() -> None:
    sheet = read(line(CODES[0], 250), line(CODES[0], 250), line(CODES[0], 300))
    assert sheet.rows == []
    assert [(number, reason.partition(" : ")[0]) for number, _, reason in problems(sheet)] == [
        (2, "contredit la ligne 4"),
        (3, "contredit la ligne 4"),
        (4, "contredit la ligne 2"),
    ]


def test_a_name_spelt_otherwise_or_a_week_written_otherwise_is_the_same_key() -> None:
    sheet = read(line(CODES[0], 250), line(CODES[0], 300, "GROSSISTE  A", "09/11/2026"))
    assert len(sheet.quarantined) == 2
    same = read(line(CODES[0], 250), line(CODES[0], 250, "GROSSISTE  A", "09/11/2026"))
    assert (len(same.rows), same.rows_ignored) == (1, 1)


def test_an_unreadable_row_does_not_contradict_a_readable_one() -> None:
    sheet = read(line(CODES[0], "n.c."), line(CODES[0], 250))
    assert [row["stock_boxes"] for row in sheet.rows] == [250]
    assert problems(sheet) == [(2, "Stock (boîtes)", "« n.c. » : zéro ou inconnu ? Un nombre est attendu, 0 pour zéro")]


def test_other_weeks_and_other_houses_are_other_rows() -> None:
    sheet = read(line(CODES[0], 250), line(CODES[0], 300, week="2026-S45"), line(CODES[0], 310, "Grossiste B"))
    assert (len(sheet.rows), sheet.quarantined, sheet.most_alike) == (3, [], 1)


def test_lists_contradict_too() -> None:
    versions = tables("trustmed")["trustmed_version"]
    examples = {f.name: f.example for f in versions.fields}
    rows = [list((examples | {"causes": causes}).values()) for causes in ("Transfert de site", "Transfert ; Grève")]
    grid = enumerate((titles("trustmed", "trustmed_version"), *rows), start=1)
    sheet = read_grid(grid, versions, "Déclarations")
    assert problems(sheet)[0] == (
        2,
        "Causes",
        "contredit la ligne 3 : Causes Transfert de site au lieu de Transfert ; Grève",
    )


def test_a_csv_is_read_again_to_give_back_the_lines(make_text: Callable[..., RawFile]) -> None:
    titles_line = ";".join(titles("openhealth", "openhealth_sales"))
    text = f"{titles_line}\n2026-S46;{CODES[0]};84;10;NA\n2026-S46;{CODES[1]};84;1;\n2026-S46;{CODES[0]};84;11;5\n"
    (sheet,) = openhealth.read(make_text("openhealth", text))
    assert [row["cip13"] for row in sheet.rows] == [CODES[1]]
    assert [item.cells for item in sheet.quarantined] == [
        ("2026-S46", CODES[0], "84", "10"),
        ("2026-S46", CODES[0], "84", "11", "5"),
    ]


def test_three_lines_of_one_key_are_a_finer_file(make_text: Callable[..., RawFile]) -> None:
    titles_line = ";".join(titles("openhealth", "openhealth_sales"))
    lines = "".join(f"2026-S46;{CODES[0]};84;{n};\n" for n in range(3))
    with pytest.raises(RefusedFile, match="plus fin que la semaine"):
        openhealth.read(make_text("openhealth", f"{titles_line}\n{lines}"))


def test_every_table_of_a_partner_has_a_key_or_says_why_not() -> None:
    without = {
        table.name
        for source in ("grossistes", "iqvia", "openhealth", "pointstock", "references", "tracstocks", "trustmed")
        for table in tables(source).values()
        if not table.key
    }
    assert without == set()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from((1, 2)), st.sampled_from((45, 46))), max_size=8))
def test_what_is_loaded_has_no_conflict(rows: list[tuple[str, int, int]]) -> None:
    sheet = read(*(line(code, stock, week=f"2026-S{week}") for code, stock, week in rows))
    stocks_by_key: dict[tuple[date, str], set[int]] = {}
    for code, stock, week in rows:
        stocks_by_key.setdefault((date.fromisocalendar(2026, week, 1), code), set()).add(stock)
    expected = {(*key, *stocks) for key, stocks in stocks_by_key.items() if len(stocks) == 1}
    assert sheet.balanced
    assert sorted((r["week"], r["cip13"], r["stock_boxes"]) for r in sheet.rows) == sorted(expected)
    assert {item.key.split("|")[2] for item in sheet.quarantined} == {
        code for (_, code), s in stocks_by_key.items() if len(s) > 1
    }
