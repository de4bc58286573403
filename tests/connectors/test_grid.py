"""Header line, rejected lines, ignored lines; nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import RefusedFile, Sheet, tables
from connectors.reading.grid import read_grid

STOCKS = tables("pointstock")["pointstock_stock"]
TITLES = ["Semaine", "Grossiste", "CIP13", "Libellé", "Stock (boîtes)", "Ventes de la semaine (boîtes)"]
GOOD = ["2026-S46", "Grossiste A", "3400930000014", "AMOXICILLINE", 1250.0, "310"]


SECOND, THIRD = (["2026-S46", "Grossiste A", code, None, 10, 2] for code in ("3400930000021", "3400930000038"))


def read(*rows: Sequence[object]) -> Sheet:
    return read_grid(enumerate(rows, start=1), STOCKS, "Stocks")


def test_a_line_gives_every_field_and_its_place() -> None:
    sheet = read(TITLES, GOOD)
    assert sheet.rows == [
        {
            "week": date(2026, 11, 9),
            "wholesaler": "Grossiste A",
            "cip13": "3400930000014",
            "label": "AMOXICILLINE",
            "stock_boxes": 1250.0,
            "sales_boxes": 310.0,
            "counted_on": None,
            "line": 2,
        }
    ]
    assert (sheet.table, sheet.name, sheet.rows_in, sheet.balanced) == ("pointstock_stock", "Stocks", 1, True)


def test_titles_ignore_case_accents_spaces_punctuation_and_order() -> None:
    titles = ["VENTES  SEMAINE", "stock (boites)", "Code CIP", "GROSSISTE REPARTITEUR", "semaine"]
    (row,) = read(titles, ["310", "1250", "3400930000014", "Grossiste A", "2026-S46"]).rows
    assert (row["sales_boxes"], row["stock_boxes"], row["label"]) == (310, 1250, None)


def test_header_line_under_a_title_and_a_date() -> None:
    sheet = read(["Point Stock"], [], ["Édité le", "16/11/2026"], TITLES, GOOD)
    assert [row["line"] for row in sheet.rows] == [5]
    assert sheet.rows_in == 1


def test_header_line_is_looked_for_in_twenty_lines_and_no_line_is_lost() -> None:
    above: list[list[object]] = [[]] * 19
    assert len(read(*above, TITLES, GOOD, SECOND, THIRD).rows) == 3
    with pytest.raises(RefusedFile, match="colonne obligatoire absente"):
        read(*above, [], TITLES, GOOD)


def test_thousands_of_boxes() -> None:
    titles = [*TITLES[:4], "Stock (milliers de boîtes)", "Ventes de la semaine (milliers de boîtes)"]
    (row,) = read(titles, [*GOOD[:4], "1,25", 0.31]).rows
    assert (row["stock_boxes"], row["sales_boxes"]) == (1250, 310)


@pytest.mark.parametrize(
    ("titles", "sentence"),
    [
        (
            TITLES[:5],
            r"colonne obligatoire absente\s: «\sVentes de la semaine \(boîtes\)\s»\. Titres trouvés\s: «\sSemaine",
        ),
        ([*TITLES, "Prix"], r"colonne inconnue\s: «\sPrix\s»"),
        ([*TITLES, "Stock"], r"colonne en double\s: «\sStock \(boîtes\)\s», «\sStock\s»"),
        (["a", "b"], r"Titres trouvés\s: «\sa\s», «\sb\s»"),
    ],
)
def test_a_file_with_other_columns_is_refused_whole(titles: list[str], sentence: str) -> None:
    with pytest.raises(RefusedFile, match=sentence):
        read(titles, GOOD)


def test_an_empty_grid_is_refused() -> None:
    with pytest.raises(RefusedFile, match=r"Titres trouvés\s: aucun"):
        read([None, " "])


def test_a_bad_row_is_quarantined_with_what_corrects_it() -> None:
    bad = [*GOOD[:4], "mille", "310"]
    sheet = read(["CSRP"], TITLES, GOOD, bad, SECOND)
    (issue,) = sheet.quarantined
    assert (issue.sheet, issue.line, issue.column, issue.value) == ("Stocks", 4, "Stock (boîtes)", "mille")
    assert issue.reason == "nombre illisible"
    assert issue.cells == ("2026-S46", "Grossiste A", "3400930000014", "AMOXICILLINE", "mille", "310")
    assert (issue.key, sheet.titles) == ("2026-11-09|Grossiste A|3400930000014", tuple(TITLES))
    assert (len(sheet.rows), sheet.rows_in, sheet.balanced) == (2, 3, True)


def test_blank_and_total_lines_are_ignored_and_counted() -> None:
    total = [None, None, None, "TOTAL général", 1250, 310]
    sheet = read(TITLES, GOOD, [None, " ", ""], total, ["Sous-total", "", "", "", 3, 4], [])
    assert (sheet.rows_in, len(sheet.rows), sheet.rows_ignored, sheet.quarantined) == (5, 1, 4, [])


def test_a_name_that_begins_like_total_is_kept() -> None:
    assert read(TITLES, [GOOD[0], "Total Santé", *GOOD[2:]]).rows[0]["wholesaler"] == "Total Santé"
    assert read(TITLES, ["totalement illisible", *GOOD[1:]]).quarantined[0].column == "Semaine"


LABORATORIES = ["Laboratoire", "Semaine", "CIP13", "Stock (boîtes)", "Ventes semaine"]


def laboratories(*rows: Sequence[object]) -> Sheet:
    table = tables("tracstocks")["tracstocks_stock"]
    return read_grid(enumerate([LABORATORIES, *rows], start=1), table, "Stocks")


@pytest.mark.parametrize("name", ["TOTAL CARE PHARMA", "Total Énergies Santé", "Totalab"])
def test_a_company_named_like_a_total_is_a_row(name: str) -> None:
    (row,) = laboratories([name, "2026-S46", "3400930000014", 9000, 1000]).rows
    assert (row["laboratory"], row["stock_boxes"]) == (name, 9000)
    sheet = laboratories([name, "2026-S46", "3400930000014", "n.c.", 1000])
    assert (sheet.rows_ignored, [issue.line for issue in sheet.quarantined]) == (0, [2])  # nor lost when it is wrong


@pytest.mark.parametrize(
    "name", ["Total", "TOTAL GÉNÉRAL", "Sous-total", "Grand total :", "Total 2026-S46", "Total LABO B"]
)
def test_a_total_is_ignored(name: str) -> None:
    sheet = laboratories(["LABO B", "2026-S46", "3400930000014", 100, 10], [name, "", "", 100, 10])
    assert (len(sheet.rows), sheet.rows_ignored, sheet.quarantined) == (1, 1, [])
    assert [note.line for note in sheet.notes] == ([3] if name == "Total LABO B" else [])  # of somebody: it is noted


def test_a_total_of_one_product_is_ignored_with_a_note() -> None:
    sheet = laboratories(
        ["LABO B", "2026-S46", "3400930000014", 100, 10], ["Total", "2026-S46", "3400930000014", 100, 10]
    )
    assert (len(sheet.rows), sheet.rows_ignored) == (1, 1)
    assert [(note.line, note.reason) for note in sheet.notes] == [(3, "ligne de total : ignorée")]


def test_short_lines_miss_their_values_and_long_ones_are_quarantined() -> None:
    sheet = read(TITLES, GOOD[:5], [*GOOD, None, ""], [*GOOD, None, "à vérifier"])
    assert [(r.line, r.column, r.value) for r in sheet.quarantined] == [
        (2, "Ventes de la semaine (boîtes)", ""),
        (4, "colonne 8", "à vérifier"),
    ]
    assert len(sheet.rows) == 1


def read_or_refusal(*rows: Sequence[object]) -> Sheet | str:
    try:
        return read(*rows)
    except RefusedFile as refusal:
        return str(refusal)


cells = st.one_of(
    st.none(), st.text(max_size=12), st.floats(), st.integers(), st.booleans(), st.dates(), st.sampled_from(GOOD)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(cells, max_size=8), max_size=6))
def test_whatever_the_cells_every_line_is_accounted_for(lines: list[list[object]]) -> None:
    sheet = read_or_refusal(TITLES, SECOND, *lines)
    if isinstance(sheet, str):
        assert "sans titre" in sheet
        return
    assert sheet.balanced
    assert sheet.rows_in == 1 + len(lines)
    assert all(set(row) == {f.name for f in STOCKS.fields} | {"line"} for row in sheet.rows)


def test_a_company_named_like_a_total_with_a_wrong_code_is_asked_about() -> None:
    """It is not a total because its code cannot be read; without any code it is ignored, with a note."""
    titles = ["Laboratoire", "Semaine", "CIP13", "Stock (boîtes)", "Ventes semaine"]
    table = tables("tracstocks")["tracstocks_stock"]
    wrong = ["TOTAL CARE PHARMA", "2026-S46", "3400930000015", 100, 10]
    sheet = read_grid(enumerate([titles, wrong, ["Total LABO B", None, None, 100, 10]], start=1), table, "Stocks")
    assert [(issue.line, issue.reason) for issue in sheet.quarantined] == [(2, "code CIP13 : clé de contrôle fausse")]
    assert [(note.line, note.value, note.reason) for note in sheet.notes] == [
        (3, "Total LABO B", "ligne de total : ignorée")
    ]
