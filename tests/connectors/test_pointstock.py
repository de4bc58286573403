"""Wholesalers' stocks."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import pointstock
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("pointstock", "pointstock_stock")
LINE = ["2026-S46", "Grossiste A", "3400930000014", "AMOXICILLINE", 1250, 310]


def test_sample() -> None:
    (sheet,) = pointstock.read(sample("pointstock", "grossiste_a_2026-S46.xlsx"))
    assert [(r["line"], r["week"], r["cip13"], r["stock_boxes"], r["sales_boxes"]) for r in sheet.rows] == [
        (3, date(2026, 11, 9), "3400930000014", 1250.0, 310.0),
        (5, date(2026, 11, 9), "3400930000021", 1420.5, 95.0),
    ]
    assert [(r.line, r.column, r.value) for r in sheet.quarantined] == [(4, "Ventes de la semaine (boîtes)", "n.c.")]
    assert (sheet.rows_in, sheet.rows_ignored, sheet.balanced) == (4, 1, True)


def test_one_wholesaler_a_workbook(make_workbook: MakeWorkbook) -> None:
    raw = make_workbook("pointstock", {"Stocks": [TITLES, LINE, [LINE[0], "Grossiste B", *LINE[2:]]]})
    with pytest.raises(RefusedFile, match=r"Un classeur par grossiste.*Grossiste A.*Grossiste B"):
        pointstock.read(raw)


def test_the_same_wholesaler_spelt_otherwise_is_one(make_workbook: MakeWorkbook) -> None:
    raw = make_workbook("pointstock", {"Stocks": [TITLES, LINE, ["2026-S45", "GROSSISTE A", *LINE[2:]]]})
    assert len(pointstock.read(raw)[0].rows) == 2


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        ({"Feuil1": [TITLES, LINE]}, r"Feuille inconnue\s: «\sFeuil1\s».*«\sStocks\s»"),
        ({"Stocks": [TITLES, LINE], "Stocks (2)": [TITLES, LINE]}, r"Feuille inconnue.*a les titres de «\sStocks\s»"),
        ({"Synthèse": [["x"]]}, r"obligatoire absente ou vide\s: «\sStocks\s»\. Feuilles trouvées\s: «\sSynthèse\s»"),
        ({"Stocks": []}, "absente ou vide"),
        ({"Stocks": [TITLES, LINE], "stocks ": [TITLES, LINE]}, "en double"),
    ],
)
def test_other_sheets_are_refused(
    make_workbook: MakeWorkbook, sheets: dict[str, list[list[object]]], sentence: str
) -> None:
    with pytest.raises(RefusedFile, match=sentence):
        pointstock.read(make_workbook("pointstock", sheets))


def test_empty_unknown_sheets_and_the_notice_are_skipped(make_workbook: MakeWorkbook) -> None:
    raw = make_workbook("pointstock", {"NOTICE": [["lire ceci"]], "STOCKS": [TITLES, LINE], "Feuil2": []})
    assert len(pointstock.read(raw)[0].rows) == 1
