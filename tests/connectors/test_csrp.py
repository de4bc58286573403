"""Presence of a presentation in the agencies of the wholesalers."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import csrp
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("csrp", "csrp_presence")
A = "3400930000014"


def test_sample() -> None:
    (sheet,) = csrp.read(sample("csrp", "csrp_2026-S46.xlsx"))
    assert [(r["week"], r["cip13"], r["agencies_with_box_pct"], r["level"], r["territory"]) for r in sheet.rows] == [
        (date(2026, 11, 9), A, 62.5, "national", "FR"),  # no territory: the nation
        (date(2026, 11, 9), A, 40.0, "departement", "01"),
    ]
    assert [(r.line, r.column) for r in sheet.quarantined] == [(5, "Taux de présence (%)"), (6, "Niveau")]
    assert sheet.quarantined[1].reason == "niveau attendu à côté d'un territoire : Région ou Département"
    assert (sheet.rows_in, sheet.rows_ignored, sheet.balanced) == (4, 0, True)


@pytest.mark.parametrize(
    ("week", "level", "territory", "reason"),
    [
        ("2026-S46", "Région", None, "territoire attendu pour ce niveau : code région ou code département"),
        ("2026-S46", "Région", "99", "code de région inconnu ou hors du champ de la source"),
        ("2026-S46", "National", "01", "territoire national : FR attendu"),
        ("2026-S48", None, None, "date après la réception du fichier (16/11/2026)"),
    ],
)
def test_a_line_of_no_place_or_of_no_past_week_waits(
    make_workbook: MakeWorkbook, week: str, level: str | None, territory: str | None, reason: str
) -> None:
    line = [week, A, None, 50, None, level, territory]
    (sheet,) = csrp.read(make_workbook("csrp", {"Présence": [TITLES, line]}))
    assert [issue.reason for issue in sheet.quarantined] == [reason]


def test_the_nation_may_be_written_or_not(make_workbook: MakeWorkbook) -> None:
    lines = [
        ["2026-S45", A, None, 50, None, None, "France"],
        ["2026-S46", A, None, 50, None, "National", None],
        ["2026-S46", A, None, 60, None, None, None],
    ]
    (sheet,) = csrp.read(make_workbook("csrp", {"Présence": [TITLES, *lines]}))
    assert [(row["level"], row["territory"]) for row in sheet.rows[:1]] == [("national", "FR")]
    # The last two say two shares for one key: neither is chosen.
    assert len(sheet.rows) + len(sheet.quarantined) == 3
    assert sheet.quarantined


def test_another_file_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile, match="absente ou vide"):
        csrp.read(make_workbook("csrp", {"Synthèse": [["x"]]}))
