"""The public release of closed declarations: causes, repeated lines, other ways to write it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from connectors import historique
from connectors.base import RawFile, RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = "cis,nom_medicament,cause,classification,date_evenement,code_atc,molecule,laboratoire,nb_patients_ville"
COMMAS = '" , "'
LINE = '60990001,"fictivir, comprimé",{cause},risque,2023-03-20,J05AX99,Fictivir,laboratoire a,{patients}'

MakeText = Callable[..., RawFile]


def test_sample_keeps_repeated_rows_and_quarantines_the_faulty_ones() -> None:
    (sheet,) = historique.read(sample("historique", "declarations_closes.csv"))
    assert [(row["cis"], row["kind"], row["event_on"], row["line"]) for row in sheet.rows] == [
        ("60990001", "risque", date(2023, 3, 20), 2),
        ("60990001", "risque", date(2023, 3, 20), 3),
        ("60990002", "rupture", date(2022, 12, 5), 4),
    ]
    assert [(r.line, r.column) for r in sheet.quarantined] == [(5, "classification"), (6, "cis"), (7, "date_evenement")]
    assert sheet.balanced


def test_several_causes_of_a_cell_are_apart_and_spaces_single() -> None:
    first, _, third = historique.read(sample("historique", "declarations_closes.csv"))[0].rows
    assert first["causes"] == ["Incident de production", "Augmentation du volume de vente"]
    assert third["causes"] == ["Stock inférieur au stock défini par le décret n°2021-349 du 30 mars 2021", "Autre"]


def test_what_was_not_published_stays_unknown() -> None:
    first, _, third = historique.read(sample("historique", "declarations_closes.csv"))[0].rows
    assert (first["atc"], first["molecule"], first["town_patients"]) == ("J05AX99", "Fictivir", 10_000)
    assert (third["atc"], third["molecule"], third["town_patients"]) == (None, None, None)


@pytest.mark.parametrize("cell", ['"Autre, Autre"', '"Autre,"', "Autre"])
def test_a_cause_is_kept_once(make_text: MakeText, cell: str) -> None:
    raw = make_text("historique", f"{TITLES}\n{LINE.format(cause=cell, patients='')}\n")
    assert [row["causes"] for row in historique.read(raw)[0].rows] == [["Autre"]]


def test_a_cell_of_commas_holds_no_cause(make_text: MakeText) -> None:
    (sheet,) = historique.read(make_text("historique", f"{TITLES}\n{LINE.format(cause=COMMAS, patients='')}\n"))
    assert [(r.line, r.column, r.reason) for r in sheet.quarantined] == [(2, "cause", "valeur obligatoire absente")]


def test_saved_again_by_a_french_spreadsheet(make_text: MakeText) -> None:
    line = '60990001;"fictivir, comprimé";Transfert de site;rupture;20/03/2023;J05AX99;Fictivir;laboratoire a;1500'
    raw = make_text("historique", f"{TITLES.replace(',', ';')}\r\n{line}\r\n", "cp1252")
    (row,) = historique.read(raw)[0].rows
    assert (row["name"], row["event_on"], row["town_patients"]) == ("fictivir, comprimé", date(2023, 3, 20), 1500)


def test_workbook(make_workbook: MakeWorkbook) -> None:
    cells = ["60990001", "fictivir", "Autre, Transfert de site", "risque", date(2023, 3, 20), None, None, "labo", 12]
    raw = make_workbook("historique", {"Déclarations": [titles("historique", "historique_declaration"), cells]})
    (row,) = historique.read(raw)[0].rows
    assert (row["causes"], row["event_on"]) == (["Autre", "Transfert de site"], date(2023, 3, 20))


@pytest.mark.parametrize("text", ["annee,declarations\n2023,4925\n", "<!DOCTYPE html><html></html>", ""])
def test_a_file_that_is_something_else_is_refused_whole(make_text: MakeText, text: str) -> None:
    with pytest.raises(RefusedFile):
        historique.read(make_text("historique", text))
