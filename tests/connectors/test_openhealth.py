"""Dispensed boxes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from connectors import openhealth
from connectors.base import RawFile, RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("openhealth", "openhealth_sales")
CIP13 = "3400930000014"


def test_sample_with_missing_values() -> None:
    (sheet,) = openhealth.read(sample("openhealth", "openhealth_2026-S46.csv"))
    assert [(r["week"], r["cip13"], r["region"], r["boxes"], r["prescribed_boxes"]) for r in sheet.rows] == [
        (date(2026, 11, 9), CIP13, "84", 1234.5, 1100.0),
        (date(2026, 11, 9), CIP13, "11", 2201.0, None),
    ]
    assert [(r.line, r.column) for r in sheet.quarantined] == [(4, "CODE_REGION"), (5, "NB_BOITES")]
    assert sheet.balanced


def test_workbook(make_workbook: MakeWorkbook) -> None:
    raw = make_workbook("openhealth", {"Ventes": [TITLES, ["2026-S46", CIP13, 84, 12.5, "NA"]]})
    (row,) = openhealth.read(raw)[0].rows
    assert (row["region"], row["boxes"], row["prescribed_boxes"]) == ("84", 12.5, None)


def test_a_daily_file_is_refused_rather_than_read_as_weeks(make_text: Callable[..., RawFile]) -> None:
    days = "".join(f"{day:02}/11/2026;{CIP13};84;10;\n" for day in range(9, 15))
    with pytest.raises(RefusedFile, match="plus fin que la semaine"):
        openhealth.read(make_text("openhealth", ";".join(TITLES) + "\n" + days))


def test_weeks_and_regions_may_be_many(make_text: Callable[..., RawFile]) -> None:
    lines = "".join(f"2026-S{week:02};{CIP13};{region};10;\n" for week in range(1, 47) for region in (11, 84))
    assert len(openhealth.read(make_text("openhealth", ";".join(TITLES) + "\n" + lines))[0].rows) == 92
