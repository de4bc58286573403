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


# Types of the report (IGAS 2025-002R, § 175–177) and of ANSM's own list, as people write them.
WRITTEN = {
    "mobilisation de sites de production alternatifs": "sites de production alternatifs",
    "Site alternatif": "sites de production alternatifs",
    "Recommandation d’alternatives": "alternatives recommandées",
    "Report vers d'autres spécialités": "alternatives recommandées",
    "Activation du plan de solidarité européen": "solidarité européenne",
    "PLAN DE SOLIDARITE EUROPEEN": "solidarité européenne",
    "PHS": "préparations hospitalières spéciales",
    "Préparation hospitalière spéciale (PHS)": "préparations hospitalières spéciales",
    "Préparations hospitalières": "préparations hospitalières",
    "P.O.S.": "préparations officinales spéciales",
    "Préparations officinales spéciales": "préparations officinales spéciales",
    "Préparations officinales": "préparations officinales",
    "préparation magistrale": "préparations magistrales",
    "Importation de lots": "importation",
    "Importation à titre exceptionnel et transitoire": "importation",
    "Mise à disposition à titre exceptionnel": "mise à disposition",
    "Alternatives recommandées par l’ANSM": "alternatives recommandées",
    "Plan européen de solidarité (VSM)": "solidarité européenne",
    "RAS": "pas de mesure",
    "Mise a disposition de lots destinés à d'autres marchés": "mise à disposition",
    "Contingentement  quantitatif (volumes)": "contingentement quantitatif",
    "Contingentement qualitatif": "contingentement qualitatif",
    "Restriction du circuit de distribution": "restriction de circuit",
    "Conditionnalité de la prescription à des examens préalables": "prescription conditionnelle",
    "dispensation à l'unité en pharmacie d'officine": "dispensation à l'unité",
    "Mise en place d'un stock de dépannage": "stock de dépannage",
    "Flexibilité réglementaire": "flexibilité réglementaire",
    "Autre": "autre mesure",
    "Pas de mesure": "pas de mesure",
}


@pytest.mark.parametrize(("written", "read"), WRITTEN.items())
def test_every_type_of_measure_of_the_report_is_read(make_workbook: MakeWorkbook, written: str, read: str) -> None:
    line = ["D-1", 1, written, "En place", date(2026, 11, 18)]
    sheets = {
        "Déclarations": [titles("trustmed", "trustmed_version")],
        "Mesures": [titles("trustmed", "trustmed_measure"), line],
    }
    *_, measures = trustmed.read(make_workbook("trustmed", sheets))
    assert measures.quarantined == []
    assert [row["measure"] for row in measures.rows] == [read]


def test_an_unlisted_type_of_measure_is_quarantined_with_the_one_that_fits(make_workbook: MakeWorkbook) -> None:
    line = ["D-1", 1, "Réquisition", "En place", date(2026, 11, 18)]
    sheets = {
        "Déclarations": [titles("trustmed", "trustmed_version")],
        "Mesures": [titles("trustmed", "trustmed_measure"), line],
    }
    *_, measures = trustmed.read(make_workbook("trustmed", sheets))
    (row,) = measures.quarantined
    assert (row.column, row.value) == ("Mesure", "Réquisition")
    assert "autre mesure" in row.reason
