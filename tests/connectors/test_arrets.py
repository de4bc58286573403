"""Intentions to stop marketing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connectors import arrets
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("arrets", "arrets_intention")
CIP = "3400930000014"


def line(number: str = "A-2026-0001", **changes: object) -> list[object]:
    row = {
        "stop_no": number, "declared_on": "02/11/2026", "laboratory": "LABORATOIRE A", "cis": None, "cip13": CIP,
        "stop_on": "31/03/2027", "reason": "Commerciale", "share_town_pct": None, "share_hospital_pct": None, "review": None,
        "alternatives": None,
    }  # fmt: skip
    assert set(changes) <= set(row)
    return list((row | changes).values())


def test_sample() -> None:
    (sheet,) = arrets.read(sample("arrets", "arrets_2026-10.xlsx"))
    assert [(r["stop_no"], r["cis"], r["cip13"], r["stop_on"], r["reason"], r["review"]) for r in sheet.rows] == [
        ("A-2026-0042", "60000019", None, date(2027, 3, 31), "commerciale", "à examiner"),
        ("A-2026-0043", None, "3400930000021", date(2027, 5, 1), "qualité", "examiné"),
    ]
    assert [(r["share_town_pct"], r["share_hospital_pct"]) for r in sheet.rows] == [(12.5, 3.0), (None, 0.4)]
    assert [(r.line, r.column, r.reason) for r in sheet.quarantined] == [
        (5, "CIS", "code CIS ou CIP13 attendu"),
        (6, "Arrêt prévu le", "date illisible (jj/mm/aaaa attendu)"),
    ]
    assert sheet.balanced


def test_two_dates_for_one_number_are_both_quarantined(make_workbook: MakeWorkbook) -> None:
    rows = [line(), line(stop_on="30/06/2027"), line("A-2026-0002"), line("A-2026-0002")]
    (sheet,) = arrets.read(make_workbook("arrets", {"Arrêts": [TITLES, *rows]}))
    assert [row["stop_no"] for row in sheet.rows] == ["A-2026-0002"]
    assert [issue.line for issue in sheet.quarantined] == [2, 3]
    assert sheet.balanced


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"cip13": "3400930000015"}, "CIP13"),
        ({"reason": "Mévente"}, "Motif"),
        ({"share_town_pct": 120}, "Part de marché ville (%)"),
        ({"stop_on": None}, "Date d'arrêt"),
        ({"review": "peut-être"}, "Examen"),
    ],
)
def test_an_unreadable_cell_quarantines_its_row(
    make_workbook: MakeWorkbook, changes: dict[str, Any], column: str
) -> None:
    (sheet,) = arrets.read(make_workbook("arrets", {"Arrêts": [TITLES, line(**changes), line("A-2026-0002")]}))
    assert [row["stop_no"] for row in sheet.rows] == ["A-2026-0002"]
    assert [issue.column for issue in sheet.quarantined] == [column]


def test_another_workbook_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile):
        arrets.read(make_workbook("arrets", {"Arrêts": [["Spécialité", "Fin"], ["FICTIVIR", "31/03/2027"]]}))
