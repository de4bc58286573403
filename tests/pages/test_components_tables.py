"""Files taken away: French, dated, with their filters, and without any formula."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest

from pages.components import tables
from pages.components.exports.cells import columns_of
from tests.conftest import Home
from tests.typography import TYPED

ACTIVE = ["=1+1", "+33 1", "-2", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")']
CONTEXT = {"Molécule": "=Amoxicilline", "Données au": "20/11/2026"}


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "laboratory": ACTIVE,
            "days": [2.5, -1.25, None, 3.0, 4.0, 5.0, 6.0],
            "week": [date(2026, 11, 16)] * 7,
            "causes": [np.array(["=x", "b"], dtype=object)] + [None] * 6,
            "secret": "hidden",
        }
    )


def chosen() -> pd.DataFrame:
    return tables.select(table(), {"laboratory": "Laboratoire", "days": "Couverture (j)", "week": "Semaine du",
                                   "causes": "Causes", "absent": "Absent"})  # fmt: skip


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_only_the_columns_asked_for_leave() -> None:
    assert list(chosen().columns) == ["Laboratoire", "Couverture (j)", "Semaine du", "Causes"]


def test_csv_is_french_and_carries_its_filters() -> None:
    content = tables.to_csv(chosen(), CONTEXT)
    assert content.startswith(b"\xef\xbb\xbf")
    lines = read_csv(content)
    assert ["# Données au", "20/11/2026"] in lines
    head = lines.index(["Laboratoire", "Couverture (j)", "Semaine du", "Causes"])
    assert [line[1:3] for line in lines[head + 1 : head + 4]] == [
        ["2,5", "16/11/2026"],
        ["-1,25", "16/11/2026"],
        ["", "16/11/2026"],
    ]


def test_no_text_cell_of_the_csv_starts_a_formula() -> None:
    lines = read_csv(tables.to_csv(chosen(), CONTEXT))
    texts = [line[0] for line in lines] + [line[3] for line in lines if len(line) > 3] + [lines[1][1]]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=1+1" in texts


def test_workbook_holds_values_not_formulas() -> None:
    book = openpyxl.load_workbook(io.BytesIO(tables.to_xlsx(chosen(), CONTEXT)))
    assert book.sheetnames == ["Données", "Notice"]
    sheet = book["Données"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert sheet["A2"].value == "'=1+1"
    assert sheet["B3"].value == -1.25
    assert sheet["B4"].value is None
    assert sheet["C2"].value == datetime(2026, 11, 16)
    assert book["Notice"]["B2"].value == "'=Amoxicilline"


@pytest.mark.parametrize("text", ACTIVE)
def test_active_text_is_disarmed_and_plain_text_kept(text: str) -> None:
    assert tables.harmless(text) == f"'{text}"
    assert tables.harmless("Laboratoire A") == "Laboratoire A"


def test_headings_are_disarmed_too() -> None:
    content = tables.to_csv(pd.DataFrame({"=cmd": [1]}), {})
    assert b"\n=cmd" not in content
    assert b"'=cmd" in content


def test_an_empty_table_still_makes_both_files() -> None:
    nothing = chosen().head(0)
    assert tables.to_csv(nothing, {})
    assert openpyxl.load_workbook(io.BytesIO(tables.to_xlsx(nothing, {})))["Données"].max_row == 1


def test_the_notice_says_what_each_exported_column_is(demo_home: Home) -> None:
    reader = demo_home.reader()
    columns = {"coverage_days": "Couverture (j)", "status_label": "Statut", "secret": "Autre"}
    meanings = tables.described(reader, columns, "coverage_weekly")
    assert list(meanings) == ["Couverture (j)", "Statut"]
    assert meanings["Couverture (j)"].translate(TYPED).endswith("Case vide : ni calculable ni fiable : jamais zéro.")
    book = openpyxl.load_workbook(io.BytesIO(tables.to_xlsx(chosen(), CONTEXT, meanings)))
    notice = {row[0]: row[1] for row in book["Notice"].iter_rows(values_only=True)}
    assert notice["Statut"] == meanings["Statut"]


def test_a_screen_shows_a_text_as_it_is() -> None:
    """The apostrophe that stops a spreadsheet is for files only."""
    table = pd.DataFrame({"Valeur lue": ["-1800"]})
    assert columns_of(table)[0].cells == ("'-1800",)
    assert columns_of(table, on_screen=True)[0].cells == ("-1800",)
