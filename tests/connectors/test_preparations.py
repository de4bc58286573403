"""Préparations magistrales of past weeks."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import preparations
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("preparations", "preparations_week")
NAMES = ("week", "subject_id", "preparations", "pharmacies", "recommendation_on")


def test_sample() -> None:
    (sheet,) = preparations.read(sample("preparations", "preparations_2026-S45.xlsx"))
    assert [tuple(row[name] for name in NAMES) for row in sheet.rows] == [
        (date(2026, 11, 2), "amoxicilline-susp-500", 120, 35, date(2026, 10, 30)),
        (date(2026, 11, 2), "Amoxicilline", 0, None, date(2026, 10, 30)),
    ]
    assert [(r.line, r.column) for r in sheet.quarantined] == [(4, "Nb préparations")]
    assert (sheet.rows_in, sheet.rows_ignored, sheet.balanced) == (3, 0, True)


@pytest.mark.parametrize(
    ("week", "count", "pharmacies", "recommended", "reason"),
    [
        ("2026-S47", 1, None, None, "date après la réception du fichier (16/11/2026)"),  # ends on 22/11
        ("2026-S46", -1, None, None, "valeur négative : 0 ou plus attendu"),
        ("2026-S46", 1.5, None, None, "nombre entier attendu"),
        ("2026-S46", 1, -2, None, "valeur négative : 0 ou plus attendu"),
        ("2026-S45", 1, 1, date(2026, 11, 9), "recommandation après la semaine qu'elle aurait suivie"),
    ],
)
def test_a_line_that_cannot_be_waits(
    make_workbook: MakeWorkbook, week: str, count: float, pharmacies: int | None, recommended: date | None, reason: str
) -> None:
    line = [week, "dci:amoxicilline", count, pharmacies, recommended, None]
    (sheet,) = preparations.read(make_workbook("preparations", {"Préparations": [TITLES, line]}))
    assert [issue.reason for issue in sheet.quarantined] == [reason]
    assert not sheet.rows


def test_the_week_that_ends_on_the_day_of_reception_is_over(make_workbook: MakeWorkbook) -> None:
    """Received on Monday 16/11/2026: S46 ended the day before."""
    line = ["2026-S46", "dci:amoxicilline", 3, 4, None, None]
    (sheet,) = preparations.read(make_workbook("preparations", {"Préparations": [TITLES, line]}))
    assert len(sheet.rows) == 1


def test_another_file_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile, match="absente ou vide"):
        preparations.read(make_workbook("preparations", {"Synthèse": [["x"]]}))
