"""Sales to pharmacies and hospitals."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import gers
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample


def test_sample() -> None:
    (sheet,) = gers.read(sample("gers", "gers_2026-10.xlsx"))
    month = date(2026, 10, 1)
    assert [(r["month_on"], r["cip13_or_ucd"], r["circuit"], r["laboratory"], r["units"]) for r in sheet.rows] == [
        (month, "3400930000014", "ville", "LABORATOIRE A", 12500),
        (month, "3400930000021", "ville", "LABORATOIRE B", 7500),
        (month, "9400001", "hôpital", None, 36525),
    ]
    assert [(issue.line, issue.column) for issue in sheet.quarantined] == [
        (5, "Code produit"),
        (6, "Code produit"),
        (7, "Circuit"),
    ]
    assert sheet.balanced


def test_a_workbook_of_another_source_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile, match="Sell-in"):
        gers.read(make_workbook("gers", {"Stocks": [["Semaine", "Grossiste"], ["2026-S46", "A"]]}))
