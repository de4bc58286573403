"""Declarations, their promised supplies and their measures."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import trustmed
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

SAMPLE = "trustmed_2026-11-16.xlsx"


def test_versions_of_the_sample() -> None:
    versions = trustmed.read(sample("trustmed", SAMPLE))[0]
    first, second = versions.rows
    assert (first["version_no"], first["version_on"], first["kind"], first["status"]) == (
        1,
        date(2026, 11, 2),
        "risque",
        "ouverte",
    )
    assert first["causes"] == ["Incident de production", "Transfert de site"]
    assert first["circuits"] == ["ville", "hôpital"]
    assert (first["duration_days"], first["expected_return_on"], first["share_town_pct"]) == (
        42,
        date(2027, 1, 4),
        12.5,
    )
    assert (second["kind"], second["duration_days"], second["circuits"]) == ("rupture", 56, ["ville"])
    assert [(r.line, r.column, r.value) for r in versions.quarantined] == [(4, "Classification", "Pénurie")]


def test_supplies_and_measures_of_the_sample() -> None:
    _, supplies, measures = trustmed.read(sample("trustmed", SAMPLE))
    assert [(r["version_no"], r["supply_no"], r["planned_on"], r["state"]) for r in supplies.rows] == [
        (1, 1, date(2026, 12, 7), "prévu"),
        (2, 1, date(2026, 12, 21), "prévu"),
    ]
    (measure,) = measures.rows
    assert (measure["measure"], measure["state"], measure["start_on"], measure["end_on"]) == (
        "contingentement quantitatif",
        "en place",
        date(2026, 11, 18),
        None,
    )
    assert (measure["town_pct"], measure["hospital_pct"]) == (60, 80)


def test_declarations_are_required(make_workbook: MakeWorkbook) -> None:
    raw = make_workbook("trustmed", {"Mesures": [titles("trustmed", "trustmed_measure")]})
    with pytest.raises(RefusedFile, match="Déclarations"):
        trustmed.read(raw)


def test_declarations_alone_are_enough(make_workbook: MakeWorkbook) -> None:
    raw = make_workbook("trustmed", {"declarations": [titles("trustmed", "trustmed_version")], "Mesures": []})
    assert [(s.table, s.rows_in) for s in trustmed.read(raw)] == [("trustmed_version", 0)]
