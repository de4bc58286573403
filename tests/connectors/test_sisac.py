"""Signals of the regional agencies: a medicine, a place of the agency's region, days in their order."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import sisac
from connectors.base import RefusedFile
from connectors.reading.territory import DEPARTMENT, REGION_OF
from data.departments import departments, regions
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("sisac", "sisac_signal")


def test_sample() -> None:
    (sheet,) = sisac.read(sample("sisac", "sisac_2026-11.csv"))
    seen = [(r["signal_no"], r["ars_region"], r["department"], r["nature"], r["circuit"]) for r in sheet.rows]
    assert seen == [
        ("SIG-2026-0042", "53", "35", "inconnue", "ville"),
        ("SIG-2026-0043", "94", "2A", "persistance", "hôpital"),
        ("SIG-2026-0044", "04", None, "inconnue", "ville et hôpital"),
    ]
    first = sheet.rows[0]
    assert (first["received_on"], first["patients_concerned"], first["qualified_by_ars"]) == (
        date(2026, 11, 12),
        40,
        "oui",
    )
    assert [(r.line, r.column, r.reason) for r in sheet.quarantined] == [
        (5, "Dpt", "département d'une autre région que celle de l'agence"),
        (6, "Molécule", "code CIS, code CIP13 ou DCI attendu"),
        (7, "Nature", "valeur inconnue (attendu : inconnue, persistance)"),
        (8, "Répondu le", "date avant la réception du signal"),
    ]
    assert (sheet.rows_in, sheet.balanced) == (7, True)


@pytest.mark.parametrize("written", ["La Réunion", "ARS La Réunion", "la reunion", "04", 4])
def test_a_region_is_written_by_its_name_or_its_code(make_workbook: MakeWorkbook, written: object) -> None:
    line = ["S-1", date(2026, 11, 9), written, 974, None, None, "amoxicilline", None, "Persistance"]
    (sheet,) = sisac.read(make_workbook("sisac", {"Signaux": [TITLES, line + [None] * 6]}))
    assert [(row["ars_region"], row["department"]) for row in sheet.rows] == [("04", "974")]


@pytest.mark.parametrize(
    ("written", "code"),
    [("PACA", "93"), ("ARS IDF", "11"), ("Réunion", "04"), (974, "04"), ("971", "01"), (976, "06"), ("AuRA", "84")],
)
def test_a_region_is_written_shorter_or_by_the_code_of_its_department(
    make_workbook: MakeWorkbook, written: object, code: str
) -> None:
    line = ["S-1", date(2026, 11, 9), written, None, None, None, "amoxicilline", None, "Persistance"]
    (sheet,) = sisac.read(make_workbook("sisac", {"Signaux": [TITLES, line + [None] * 6]}))
    assert [row["ars_region"] for row in sheet.rows] == [code]


def test_a_region_that_is_none_is_answered_by_their_names(make_workbook: MakeWorkbook) -> None:
    line = ["S-1", date(2026, 11, 9), "Bretange", None, None, None, "amoxicilline", None, "Persistance"]
    (sheet,) = sisac.read(make_workbook("sisac", {"Signaux": [TITLES, line + [None] * 6]}))
    (issue,) = sheet.quarantined
    assert (issue.column, issue.value) == ("Région (ARS)", "Bretange")
    assert issue.reason == f"valeur inconnue (attendu : {', '.join(regions()[code] for code in sorted(regions()))})"


def test_every_department_has_the_region_of_the_referential() -> None:
    assert {item.department: item.region for item in departments()} == REGION_OF
    assert set(REGION_OF.values()) == set(regions())
    assert all(DEPARTMENT.fullmatch(code) for code in REGION_OF)


def test_another_file_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile, match="absente ou vide"):
        sisac.read(make_workbook("sisac", {"Synthèse": [["x"]]}))
