"""Sales of each year, declared by laboratories."""

from __future__ import annotations

import pytest

from connectors import octave
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample

A, B = "3400930000014", "3400930000021"


def test_sample() -> None:
    (sheet,) = octave.read(sample("octave", "octave_2025.xlsx"))
    names = ("year", "cip13", "laboratory", "circuit", "territory", "boxes", "turnover_eur")
    assert [tuple(row[name] for name in names) for row in sheet.rows] == [
        (2025, A, "LABORATOIRE A", "ville", "métropole", 152000, 184500),
        (2025, A, "LABORATOIRE A", "hôpital", "DOM", 900, None),
        (2025, B, "LABORATOIRE B", "ville", "métropole", 48000, 60000),
    ]
    assert [(issue.line, issue.column) for issue in sheet.quarantined] == [(5, "Exercice"), (6, "Circuit")]
    assert sheet.balanced


def test_a_workbook_of_another_source_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile, match="Ventes"):
        octave.read(make_workbook("octave", {"Stocks": [["Semaine", "Grossiste"], ["2026-S46", "A"]]}))
