"""Laboratories' stocks and planned supplies."""

from __future__ import annotations

from datetime import date

from connectors import tracstocks
from tests.connectors.partner_files import MakeWorkbook, sample, titles

STOCKS = [
    titles("tracstocks", "tracstocks_stock"),
    ["2026-S46", "LABORATOIRE A", "3400930000014", None, 42000, 31000, 28500, 7100],
]
SUPPLIES = titles("tracstocks", "tracstocks_supply")


def test_sample_in_thousands_of_boxes() -> None:
    stocks, supplies = tracstocks.read(sample("tracstocks", "tracstocks_2026-S46.xlsx"))
    assert [(r["laboratory"], r["stock_boxes"], r["sales_4w_boxes"], r["sales_boxes"]) for r in stocks.rows] == [
        ("LABORATOIRE A", 42000, 28500, 7100),
        ("LABORATOIRE B", 1500, None, 210),
    ]
    assert {r["usual_monthly_sales_boxes"] for r in stocks.rows} == {None}
    assert [(r.line, r.column, r.reason) for r in stocks.quarantined] == [
        (4, "Code CIP", "code CIP13 : clé de contrôle fausse")
    ]
    assert [(r["planned_on"], r["boxes"]) for r in supplies.rows] == [
        (date(2026, 12, 7), 15000),
        (date(2026, 12, 14), 2250),
    ]


def test_supplies_may_be_absent(make_workbook: MakeWorkbook) -> None:
    assert [s.table for s in tracstocks.read(make_workbook("tracstocks", {"Stocks": STOCKS}))] == ["tracstocks_stock"]


def test_supplies_may_be_empty_or_without_a_line(make_workbook: MakeWorkbook) -> None:
    empty = tracstocks.read(make_workbook("tracstocks", {"Stocks": STOCKS, "Approvisionnements": []}))
    assert [s.table for s in empty] == ["tracstocks_stock"]
    titled = tracstocks.read(make_workbook("tracstocks", {"Stocks": STOCKS, "Approvisionnements": [SUPPLIES]}))
    assert [(s.table, s.rows_in) for s in titled] == [("tracstocks_stock", 1), ("tracstocks_supply", 0)]


def test_supplies_may_come_first(make_workbook: MakeWorkbook) -> None:
    raw = make_workbook("tracstocks", {"Approvisionnements": [SUPPLIES], "Stocks": STOCKS})
    assert [s.table for s in tracstocks.read(raw)] == ["tracstocks_stock", "tracstocks_supply"]
