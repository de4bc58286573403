"""Extract of the agency's base: dates without one format are read, or their line waits with a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import codex
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("codex", "codex_product")


def test_sample() -> None:
    (sheet,) = codex.read(sample("codex", "codex_2026-11-16.xlsx"))
    assert [(r["cis"], r["marketed_on"], r["stopped_on"], r["is_essential"]) for r in sheet.rows] == [
        ("60000019", date(2009, 3, 12), date(2026, 10, 31), "oui"),
        ("60000027", date(2012, 3, 31), None, "oui"),  # « mars 2012 »: its last day, with a remark
        ("60000035", date(2015, 3, 15), date(2020, 3, 15), "non"),
        ("60000050", None, None, None),
    ]
    assert {r["extracted_on"] for r in sheet.rows} == {date(2026, 11, 16)}
    assert [(r.line, r.column, r.reason) for r in sheet.quarantined] == [
        (5, "Commercialisée le", "date illisible (jj/mm/aaaa attendu)")
    ]
    assert {note.reason for note in sheet.notes} == {
        "date approximative « mars 2012 » lue 31/03/2012",
        "« n.c. » lu comme une valeur inconnue",
    }
    assert sheet.balanced


def line(extracted: str, cis: str = "60000019") -> list[object]:
    return [cis, "FICTIVIR", *[None] * 10, extracted]


def test_an_extraction_of_tomorrow_waits(make_workbook: MakeWorkbook) -> None:
    (sheet,) = codex.read(make_workbook("codex", {"AMM": [TITLES, line("17/11/2026")]}))
    assert [issue.reason for issue in sheet.quarantined] == ["date après la réception du fichier (16/11/2026)"]


def test_two_extractions_of_a_speciality_are_two_rows(make_workbook: MakeWorkbook) -> None:
    (sheet,) = codex.read(make_workbook("codex", {"AMM": [TITLES, line("15/10/2026"), line("16/11/2026")]}))
    assert len(sheet.rows) == 2


def test_another_file_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile, match="absente ou vide"):
        codex.read(make_workbook("codex", {"Synthèse": [["x"]]}))
