"""Stocks of hospital pharmacies."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import dispostock
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("dispostock", "dispostock_stock")


def test_sample() -> None:
    (sheet,) = dispostock.read(sample("dispostock", "dispostock_2026-S46.xlsx"))
    names = ("week", "finess", "department", "dci_or_ucd", "form", "stock_units", "daily_use_units")
    assert [tuple(row[name] for name in names) for row in sheet.rows] == [
        (date(2026, 11, 9), "750000001", "75", "midazolam", "solution injectable 5 mg/ml", 420, 18.5),
        (date(2026, 11, 9), "010000002", "01", "9400001", "MIDAZOLAM 5MG/ML INJ AMP 1ML", 1200, None),
        (date(2026, 11, 9), "2A0000003", "2A", "midazolam", None, 0, 0),
    ]
    assert [(issue.line, issue.column) for issue in sheet.quarantined] == [
        (6, "Molécule"),
        (7, "N° FINESS"),
        (8, "Stock"),
    ]
    assert sheet.balanced


def test_a_workbook_of_another_source_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile, match="Stocks PUI"):
        dispostock.read(make_workbook("dispostock", {"Stocks": [["Semaine", "Grossiste"], ["2026-S46", "A"]]}))


def test_a_unit_of_thirteen_digits_is_that_of_seven(make_workbook: MakeWorkbook) -> None:
    line = ["2026-S46", "750000001", None, "3400894000018", None, 1, 1]
    (row,) = dispostock.read(make_workbook("dispostock", {"Stocks PUI": [TITLES, line]}))[0].rows
    assert row["dci_or_ucd"] == "9400001"
