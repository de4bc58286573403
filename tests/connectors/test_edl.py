"""Annual statements of sites: free texts are read, what is no step or no year waits with a sentence."""

from __future__ import annotations

import pytest

from connectors import edl
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("edl", "edl_site")


def test_sample() -> None:
    (sheet,) = edl.read(sample("edl", "edl_2026.xlsx"))
    names = ("cis", "step", "site_name", "site_country", "is_subcontractor", "is_mitm")
    assert [tuple(row[name] for name in names) for row in sheet.rows] == [
        ("60000019", "substance active", "Synthèse fictive Kadampur", "India", "oui", "oui"),
        ("60000019", "fabrication", "ATELIER FICTIF VALMONT", "FR", "non", "oui"),
        ("60000019", "libération", "Atelier  fictif-Valmont", None, None, None),
    ]
    assert [(issue.line, issue.column, issue.reason) for issue in sheet.quarantined] == [
        (
            6,
            "Activité",
            "valeur inconnue (attendu : substance active, fabrication, conditionnement, importation, contrôle, libération)",
        ),
        (7, "Exercice", "année après la réception du fichier (2026)"),
        (8, "Nom du site", "valeur obligatoire absente"),
    ]
    assert sheet.balanced


def line(step: str, site: str, country: str | None) -> list[object]:
    return [2026, "LABORATOIRE A", "60000019", None, step, site, country, None, None, None]


def test_one_name_in_two_countries_is_two_rows(make_workbook: MakeWorkbook) -> None:
    rows = [line("Fabrication", "SITE", country) for country in ("France", "Espagne", None)]
    (sheet,) = edl.read(make_workbook("edl", {"Sites": [TITLES, *rows]}))
    assert [row["site_country"] for row in sheet.rows] == ["France", "Espagne", None]
    assert sheet.quarantined == []


def test_what_names_nobody_is_no_site_and_no_country(make_workbook: MakeWorkbook) -> None:
    named = ("-", "N/A", "idem", "Idem.", "néant", "NC", "n.c.", '"')
    rows = [line("Fabrication", text, "France") for text in named]
    rows += [line("Fabrication", f"SITE {place}", text) for place, text in enumerate(("-", "N/A", "idem", "NC"))]
    (sheet,) = edl.read(make_workbook("edl", {"Sites": [TITLES, *rows]}))
    assert [(row["site_name"], row["site_country"]) for row in sheet.rows] == [(f"SITE {n}", None) for n in range(4)]
    assert [(issue.line, issue.column, issue.value) for issue in sheet.quarantined] == [
        (number, "Site", text) for number, text in enumerate(named, start=2)
    ]
    assert {issue.reason for issue in sheet.quarantined} == {"aucun site n'est nommé : écrire son nom sur chaque ligne"}
    assert sheet.balanced


def test_another_file_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile, match="absente ou vide"):
        edl.read(make_workbook("edl", {"Synthèse": [["x"]]}))
