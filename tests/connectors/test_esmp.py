"""Declarations to the European platform."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import esmp
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("esmp", "esmp_version")


def test_sample() -> None:
    (sheet,) = esmp.read(sample("esmp", "esmp_2026-11-16.xlsx"))
    assert [(r["esmp_no"], r["version_no"], r["kind"], r["status"], r["updated_on"]) for r in sheet.rows] == [
        ("ESMP-2026-0042", 1, "risque", "ouverte", date(2026, 11, 9)),
        ("ESMP-2026-0042", 2, "rupture", "ouverte", date(2026, 11, 16)),
        ("ESMP-2026-0043", 1, "risque", "close", date(2026, 11, 16)),
    ]
    assert [r["member_states"] for r in sheet.rows] == [
        ["France", "Belgique", "Allemagne"],
        ["France"],
        ["Espagne", "Italie"],
    ]
    assert [(r["cis"], r["eu_number"], r["share_pct"]) for r in sheet.rows] == [
        ("60000019", None, 12.5),
        ("60000019", None, 12.5),
        (None, "EU/1/99/103/004", None),
    ]
    assert [(r.line, r.column) for r in sheet.quarantined] == [(5, "CIS"), (6, "Member states")]
    assert sheet.quarantined[0].reason == "code CIS ou numéro européen attendu"
    assert sheet.balanced


def test_a_version_of_tomorrow_waits(make_workbook: MakeWorkbook) -> None:
    line = ["E-1", 1, "60000019", None, "FR", "Rupture", "01/11/2026", *[None] * 5, "Ouverte", "17/11/2026"]
    (sheet,) = esmp.read(make_workbook("esmp", {"Déclarations ESMP": [TITLES, line]}))
    assert [issue.reason for issue in sheet.quarantined] == ["date après la réception du fichier (16/11/2026)"]


def test_another_file_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile, match="absente ou vide"):
        esmp.read(make_workbook("esmp", {"Synthèse": [["x"]]}))
