"""Weekly file of the wholesalers, with the reference sales of all members."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import grossistes
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("grossistes", "grossistes_stock")
LINE = ["2026-S46", "Grossiste A", "3400930000014", None, 1250, 310, None]


def test_sample() -> None:
    (sheet,) = grossistes.read(sample("grossistes", "grossiste_a_2026-S46.xlsx"))
    assert [(r["line"], r["stock_boxes"], r["reference_sales_boxes"], r["reference_until"]) for r in sheet.rows] == [
        (2, 1250.0, 96000.0, date(2026, 3, 31)),
        (3, 800.0, None, None),
    ]
    assert [(r.line, r.column) for r in sheet.quarantined] == [(4, "Référence du")]
    assert sheet.balanced


@pytest.mark.parametrize(
    ("reference", "column", "reason"),
    [
        ((96000, None, None), "Début de la période de référence", "vont ensemble"),
        ((None, "01/10/2025", "31/03/2026"), "Ventes de référence de tous les adhérents (boîtes)", "vont ensemble"),
        ((96000, "01/10/2025", "30/09/2025"), "Fin de la période de référence", "finit le 30/09/2025, avant son début"),
    ],
)
def test_a_reference_without_its_period_is_quarantined(
    make_workbook: MakeWorkbook, reference: tuple[object, ...], column: str, reason: str
) -> None:
    (sheet,) = grossistes.read(make_workbook("grossistes", {"Stocks": [TITLES, [*LINE, *reference]]}))
    ((issue),) = sheet.quarantined
    assert issue.column == column
    assert reason in issue.reason


def test_one_wholesaler_a_workbook(make_workbook: MakeWorkbook) -> None:
    raw = make_workbook("grossistes", {"Stocks": [TITLES, LINE, [LINE[0], "Grossiste B", *LINE[2:]]]})
    with pytest.raises(RefusedFile, match=r"Un classeur par grossiste.*Grossiste A.*Grossiste B"):
        grossistes.read(raw)
