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


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0-19", "0-19"),
        ("20 à 64 ans", "20-64"),
        ("65 ans et plus", "65 et plus"),
        ("80+", "80 et plus"),
        ("80 et +", "80 et plus"),
        ("Moins de 20 ans", "0-19"),
        ("< 20", "0-19"),
        ("Inconnu", "inconnu"),
        ("NR", "inconnu"),
    ],
)
def test_classes_of_age_are_written_in_one_way(written: str, read: str) -> None:
    assert openhealth.ages(written) == read


@pytest.mark.parametrize("written", ["enfants", "64-20", "0-999", "12", "-5"])
def test_another_age_waits_with_a_sentence(make_workbook: MakeWorkbook, written: str) -> None:
    line = ["2026-S46", CIP13, 84, 12, None, written, None, None]
    (sheet,) = openhealth.read(make_workbook("openhealth", {"Ventes": [TITLES, line]}))
    assert [issue.reason for issue in sheet.quarantined] == [
        "tranche d'âge attendue, comme « 0-19 », « 65 et plus » ou « Inconnu »"
    ]


def test_a_total_and_its_parts_are_different_lines(make_workbook: MakeWorkbook) -> None:
    start = ["2026-S46", CIP13, 84]
    lines = [[*start, 10, 8, None, None, None], [*start, 6, None, "0-19 ans", "F", None], [*start, 4, None, "20-64", 1, None],
             [*start, 10, None, None, None, "Libéral"]]  # fmt: skip
    (sheet,) = openhealth.read(make_workbook("openhealth", {"Ventes": [TITLES, *lines]}))
    assert [(row["boxes"], row["age"], row["sex"], row["origin"]) for row in sheet.rows] == [
        (10, None, None, None),
        (6, "0-19", "femmes", None),
        (4, "20-64", "hommes", None),
        (10, None, None, "ville"),
    ]
    assert not sheet.quarantined


@pytest.mark.parametrize("extra", [(), ("Sexe",), ("TRANCHE_AGE", "GENRE", "ORIGINE_VENTE")])
def test_the_columns_may_be_absent(make_workbook: MakeWorkbook, extra: tuple[str, ...]) -> None:
    head = ["SEMAINE", "CIP13", "REGION", "BOITES", *extra]
    (sheet,) = openhealth.read(make_workbook("openhealth", {"Ventes": [head, ["2026-S46", CIP13, 84, 10]]}))
    (row,) = sheet.rows
    assert (row["boxes"], row["age"], row["sex"], row["origin"]) == (10, None, None, None)


def test_daily_parts_are_refused_too(make_text: Callable[..., RawFile]) -> None:
    days = "".join(f"{day:02}/11/2026;{CIP13};84;10;;0-19;F;Ville\n" for day in range(9, 15))
    with pytest.raises(RefusedFile, match="plus fin que la semaine"):
        openhealth.read(make_text("openhealth", ";".join(TITLES) + "\n" + days))


def test_a_detail_that_names_every_class_is_none(make_workbook: MakeWorkbook) -> None:
    start = ["2026-S46", CIP13, 84]
    lines = [[*start, 10, 8, "Tous", "Ensemble", "Total"], [*start, 6, None, "0-19", "Total", None], [*start, 4, None, "tous les âges", "F", None]]  # fmt: skip
    (sheet,) = openhealth.read(make_workbook("openhealth", {"Ventes": [TITLES, *lines]}))
    assert not sheet.quarantined
    assert [(row["boxes"], row["age"], row["sex"], row["origin"]) for row in sheet.rows] == [
        (10, None, None, None),
        (6, "0-19", None, None),
        (4, None, "femmes", None),
    ]
    assert {(note.line, note.column, note.reason) for note in sheet.notes} == {
        (2, title, openhealth.NO_DETAIL) for title in TITLES[5:]
    }


def test_two_totals_that_differ_contradict_each_other(make_workbook: MakeWorkbook) -> None:
    start = ["2026-S46", CIP13, 84]
    lines = [[*start, 10, None, None, None, None], [*start, 12, None, "Tous", "Tous", "Toutes"]]
    (sheet,) = openhealth.read(make_workbook("openhealth", {"Ventes": [TITLES, *lines]}))
    assert (sheet.rows, len(sheet.quarantined)) == ([], 2)
