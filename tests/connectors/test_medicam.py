"""Medic'AM and Rétroced'AM: workbooks in blocks of columns, old or new, alone or in an archive."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors import medicam, retrocedam
from connectors.base import RawFile, RefusedFile, Sheet
from data.demo.old_workbook import old_workbook
from tests.connectors.partner_files import raw_file, write_workbook
from tests.typography import TYPED

AMOX, SYRUP = 3400921600506.0, 3400921601916.0
MEASURES = ("Nombre de boites remboursées", "Base de remboursement", "Montant remboursé")
TITLES = ["CIP13", "NOM COURT", "Taux", *(f"{words}\n2026-0{month}" for words in MEASURES for month in (1, 2))]
LINES: list[list[Any]] = [
    ["Source : Assurance maladie"],
    [],
    TITLES,
    [AMOX, "AMOXICILLINE", 65.0, 10.0, 20.0, 1.5, 2.5, 1.0, 2.0],
    [SYRUP, "SIROP", 65.0, None, 4.0, None, 2.5, None, 2.0],
    ["Homéopathie", None, None, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0],
    ["Total", None, None, 15.0, 29.0, 1.0, 1.0, 1.0, 1.0],
    [3400921601917.0, "CLÉ FAUSSE", 65.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    [AMOX, "AMOXICILLINE", 30.0, "abc", 1.0, 1.0, 1.0, 1.0, 1.0],
    [None, "SANS CODE", None, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    ["Note de bas de tableau"],
]
ALL, HOSPITAL = "MedicAM_2026mois_tous_presc", "MedicAM_2026mois_hopital"
NAME = "2026-01-a-02_medic-am-par-type-de-prescripteur_serie-mensuelle.zip"


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_xls", ".xls"), content)
    return made.getvalue()


def kept_as(folder: Path, source: str, name: str, content: bytes) -> RawFile:
    (folder / name).write_bytes(content)
    return raw_file(source, folder / name)


def rows(sheet: Sheet) -> list[tuple[Any, ...]]:
    return list(zip(*(sheet.columns[name] for name in sheet.columns if name != "line"), strict=True))


def test_one_row_per_presentation_and_month_that_has_a_figure(tmp_path: Path) -> None:
    old = old_workbook({"A lire": [["notice"]], ALL: LINES, HOSPITAL: LINES[:4]})
    whole, hospital, notice = medicam.read(kept_as(tmp_path, "medicam", NAME, zipped(Medic_AM_xls=old)))
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    assert rows(whole) == [
        (january, "3400921600506", "AMOXICILLINE", "tous", 10, 1.5, 1),
        (february, "3400921600506", "AMOXICILLINE", "tous", 20, 2.5, 2),
        (february, "3400921601916", "SIROP", "tous", 4, 2.5, 2),
    ]
    # Eight lines below the titles: two presentations, three set aside, three of totals and notes.
    assert (whole.rows_in, whole.rows_loaded, len(whole.quarantined), whole.rows_ignored) == (8, 2, 3, 3)
    assert all(sheet.balanced for sheet in (whole, hospital, notice))
    assert {row[3] for row in rows(hospital)} == {"hopital"}
    assert [(i.line, i.column, i.value) for i in whole.quarantined] == [
        (8, "CIP13", "3400921601917"),
        (9, "Nombre de boites remboursées 2026-01", "abc"),
        (10, "CIP13", ""),
    ]
    assert notice.notes[0].reason == "feuille sans présentation, non lue (1 ligne remplie)"


def test_a_column_of_the_format_that_is_not_there_is_noted(tmp_path: Path) -> None:
    titles = ["CIP13", "DESIGNATION", "Nombre de boites remboursées 2026-01"]
    path = write_workbook(tmp_path / "2026-01_medic-am.xlsx", {ALL: [titles, ["3400921600506", "AMOXICILLINE", 10]]})
    (found,) = medicam.read(raw_file("medicam", path))
    reasons = [note.reason.translate(TYPED) for note in found.notes]
    assert reasons[0].startswith("colonne absente (« NOM COURT »")
    assert reasons[1:] == [
        "colonne absente (« Base de remboursement ») : valeurs inconnues pour 1 des 1 périodes du fichier",
        "colonne absente (« Montant remboursé ») : valeurs inconnues pour 1 des 1 périodes du fichier",
    ]


def test_a_new_workbook_alone_reads_the_same(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "2026-01-a-02_medic-am.xlsx", {ALL: LINES})
    (found,) = medicam.read(raw_file("medicam", path))
    old = old_workbook({ALL: LINES})
    (expected,) = medicam.read(kept_as(tmp_path, "medicam", "medic.xls", old))
    assert (rows(found), len(found.quarantined)) == (rows(expected), len(expected.quarantined))


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        ({"Feuil1": LINES}, "aucune feuille « …tous_presc » avec une ligne de titres « CIP13 » (feuilles trouvées : « Feuil1 »)"),
        ({ALL: [["CIP", *TITLES[1:]], LINES[3]]}, "aucune feuille « …tous_presc »"),
        ({ALL: [["CIP13", "NOM COURT", "Boites 2026-01"], LINES[3]]}, "aucune colonne « Nombre de boites remboursées 2026-01 » (trouvé : « CIP13 »"),
        ({ALL: [[*TITLES[:4], TITLES[3]], LINES[3]]}, "deux colonnes « Nombre de boites remboursées 2026-01 »"),
        ({ALL: [TITLES, LINES[6]]}, "n'a aucune présentation lisible"),
        ({ALL: LINES, "tous_presc (2)": LINES}, "Deux feuilles pour les mêmes prescripteurs"),
    ],
)  # fmt: skip
def test_changed_columns_are_refused_with_what_was_found(tmp_path: Path, sheets: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        medicam.read(kept_as(tmp_path, "medicam", NAME, zipped(Medic_AM_xls=old_workbook(sheets))))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Fichier vide."),
        (zipped(Medic_AM_xls=old_workbook({ALL: LINES}))[:-30], "Archive coupée ou abîmée"),
        (zipped(Medic_AM_xls=old_workbook({ALL: LINES})[:600]), "Classeur abîmé"),
        (zipped(a_xls=b"x", b_xls=b"y"), "Archive .zip d'un seul fichier .xls ou .xlsx attendue"),
        (b"%PDF-1.7 rapport", "Document PDF"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        medicam.read(kept_as(tmp_path, "medicam", NAME, content))
    assert sentence in str(caught.value)


UCD_TITLES = [
    "Code UCD",
    "Nom",
    "Nombre d'unités remboursées 2024",
    "Montant remboursé 2024",
    "Unités 2025",
    "Montant 2025",
]
UCD_LINES: list[list[Any]] = [
    UCD_TITLES,
    [9400001, "ABACAVIR 300MG CPR", 10, 20.5, 11, 21],
    ["3400894000012", "LAMIVUDINE", 1, 2, None, None],
    [None, "Préparations sans code", 5, 6, 7, 8],
    ["TOTAL", None, 16, 28.5, 18, 29],
    ["94", "COURT", 1, 1, 1, 1],
]


def test_units_by_year_with_and_without_a_code(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "2024-a-2025_retroced-am_serie-annuelle.xlsx", {"Lisez-moi": [["x"]], "UCD": UCD_LINES}
    )
    sheet, notice = retrocedam.read(raw_file("retrocedam", path))
    found = list(
        zip(*(sheet.columns[name] for name in ("year", "ucd", "label", "units", "reimbursed_eur")), strict=True)
    )
    assert found == [
        (2024, "9400001", "ABACAVIR 300MG CPR", 10, 20.5),
        (2025, "9400001", "ABACAVIR 300MG CPR", 11, 21),
        (2024, "9400001", "LAMIVUDINE", 1, 2),
        (2024, None, "Préparations sans code", 5, 6),
        (2025, None, "Préparations sans code", 7, 8),
    ]
    assert [(i.line, i.column, i.value) for i in sheet.quarantined] == [(6, "Code UCD", "94")]
    assert sheet.balanced
    assert notice.balanced


YEARS: list[Any] = [None, None, 2024, None, 2025, None]  # each merged over two columns: its text is in the first
MEASURED: list[Any] = [
    "Code UCD",
    "Nom",
    "Nombre d'unités",
    "Montant remboursé",
    "Nombre d'unités",
    "Montant remboursé",
]
BELOW: list[list[Any]] = [[9400001, "ABACAVIR 300MG CPR", 10, 20.5, 11, 21], ["TOTAL", None, 10, 20.5, 11, 21]]


@pytest.mark.parametrize(
    "head",
    [
        [YEARS, MEASURED],
        [["Rétrocession hospitalière de 2024 à 2025"], [None, None, "Année 2024", None, "Année 2025", None], MEASURED],
        [["Code UCD", "Nom", *YEARS[2:]], [None, None, *MEASURED[2:]]],
    ],
    ids=["above", "above in words, under a title", "on the line of the codes"],
)
def test_years_merged_over_their_columns_are_read(tmp_path: Path, head: list[list[Any]]) -> None:
    path = write_workbook(tmp_path / "2024-a-2025_retroced-am.xlsx", {"UCD": [*head, *BELOW]})
    (sheet,) = retrocedam.read(raw_file("retrocedam", path))
    read = zip(*(sheet.columns[name] for name in ("year", "ucd", "units", "reimbursed_eur")), strict=True)
    assert list(read) == [(2024, "9400001", 10, 20.5), (2025, "9400001", 11, 21)]
    assert (sheet.rows_in, sheet.rows_ignored, sheet.quarantined) == (2, 1, [])
    assert sheet.balanced


def test_measures_merged_over_their_years_are_read(tmp_path: Path) -> None:
    head: list[list[Any]] = [
        [None, None, "Nombre d'unités", None, "Montant remboursé", None],
        ["Code UCD", "Nom", 2024, 2025, 2024, 2025],
    ]
    path = write_workbook(tmp_path / "2024-a-2025_retroced-am.xlsx", {"UCD": [*head, [9400001, "A", 10, 11, 20.5, 21]]})
    (sheet,) = retrocedam.read(raw_file("retrocedam", path))
    assert sheet.columns["year"] == [2024, 2025]
    assert (sheet.columns["units"], sheet.columns["reimbursed_eur"]) == ([10, 11], [20.5, 21])


def test_a_title_that_ends_with_a_year_is_no_year_of_the_columns(tmp_path: Path) -> None:
    """Units of an unknown year are not those of the day of publication."""
    head: list[list[Any]] = [[None, None, "Publié en 2026"], ["Code UCD", "Nom", "Nombre d'unités"]]
    path = write_workbook(tmp_path / "retroced-am.xlsx", {"UCD": [*head, [9400001, "A", 10]]})
    with pytest.raises(RefusedFile, match="aucune colonne « Nombre d'unités 2025 »"):
        retrocedam.read(raw_file("retrocedam", path))


def test_two_columns_of_one_merged_year_are_refused(tmp_path: Path) -> None:
    head: list[list[Any]] = [[None, None, 2024, None], ["Code UCD", "Nom", "Nombre d'unités", "Nombre d'unités"]]
    path = write_workbook(tmp_path / "retroced-am.xlsx", {"UCD": [*head, [9400001, "A", 10, 11]]})
    with pytest.raises(RefusedFile, match="ligne 2 : deux colonnes « Nombre d'unités 2024 » pour la même période"):
        retrocedam.read(raw_file("retrocedam", path))


def test_a_workbook_without_units_is_refused(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "retroced-am.xlsx", {"UCD": [["Code UCD", "Nom", "Montant remboursé 2025"], [9400001, "A", 1]]}
    )
    with pytest.raises(RefusedFile, match="aucune colonne « Nombre d'unités 2025 »"):
        retrocedam.read(raw_file("retrocedam", path))
    path = write_workbook(tmp_path / "autre.xlsx", {"Feuil1": [["CIP13"], [1]]})
    with pytest.raises(RefusedFile, match="aucune feuille avec une ligne de titres « Code UCD »"):
        retrocedam.read(raw_file("retrocedam", path))
