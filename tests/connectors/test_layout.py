"""Layouts met in partners' files: read by the header table, or refused whole with what was expected and found."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connectors import historique, iqvia, openhealth, pointstock, tracstocks
from connectors.base import RawFile, RefusedFile, Sheet, tables
from connectors.reading.grid import read_grid
from connectors.reading.quarantine import MOST_QUARANTINED
from tests.connectors.partner_files import MakeWorkbook, Rows, first_sheet, raw_file, titles

STOCKS = tables("pointstock")["pointstock_stock"]
TITLES = titles("pointstock", "pointstock_stock")[:6]
LINES = [
    ["2026-S46", "Grossiste A", code, None, stock, 70]
    for code, stock in (("3400930000014", 1250), ("3400930000021", 12), ("3400930000038", 0))
]


def read(*rows: Sequence[object]) -> Sheet:
    return read_grid(enumerate(rows, start=1), STOCKS, "Stocks")


def refusal(*rows: Sequence[object]) -> str:
    with pytest.raises(RefusedFile) as caught:
        read(*rows)
    return str(caught.value)


def with_titles(**changes: str) -> list[str]:
    names = [f.name for f in STOCKS.fields][: len(TITLES)]
    return [changes.get(name, title) for name, title in zip(names, TITLES, strict=True)]


def test_a_column_renamed_in_the_table_and_moved() -> None:
    order = (4, 2, 0, 5, 1)
    moved = with_titles(stock_boxes="Stock", cip13="Code CIP", wholesaler="Etablissement répartiteur")
    plain = read(TITLES, *LINES).rows
    assert read([moved[i] for i in order], *([line[i] for i in order] for line in LINES)).rows == plain


def test_a_header_on_line_seven_and_merged_titles_above() -> None:
    sheet = read(
        ["Point Stock"], ["Édité le 16/11/2026"], [], ["Produit", "", "", "", "Mesures", ""], [], [], TITLES, *LINES
    )
    assert [row["line"] for row in sheet.rows] == [8, 9, 10]


def test_a_header_beyond_the_first_twenty_lines_is_refused() -> None:
    message = refusal(*([["Point Stock"]] * 20), TITLES, *LINES)
    assert message.startswith("« Stocks » : colonne obligatoire absente : « Semaine », « Grossiste », « CIP13 »")
    assert message.endswith("Titres trouvés : « Point Stock ».")


def test_a_unit_the_table_does_not_know_is_an_unknown_column() -> None:
    message = refusal(with_titles(stock_boxes="Stock (kboîtes)"), *LINES)
    assert message.startswith(
        "« Stocks » : colonne obligatoire absente : « Stock (boîtes) » ; colonne inconnue : « Stock (kboîtes) ». Titres trouvés"
    )


def test_a_unit_announced_over_the_table_refuses_it() -> None:
    message = refusal(["Stocks au 15/11", None, "en milliers de boîtes"], TITLES, *LINES)
    assert "unité annoncée hors des titres, ligne 1 (« en milliers de boîtes »)" in message
    assert (
        read(["en milliers"], with_titles(stock_boxes="Stock (milliers de boîtes)"), *LINES).rows[0]["stock_boxes"]
        == 1.25e6
    )


def test_a_title_on_two_lines_refuses_the_file() -> None:
    """« Stock » alone would be read in boxes when the line below says thousands."""
    first = with_titles(stock_boxes="Stock", sales_boxes="Ventes semaine")
    for second in (
        ["", "", "", "", "(milliers)", "(milliers)"],
        ["(AAAA-Sss)", "(nom)", "(13 chiffres)", "", "x 1 000 boîtes", "boîtes"],
        [None, None, None, None, "en milliers", None],
    ):
        assert "la ligne 2 continue les titres de la ligne 1" in refusal(first, second, *LINES)


def test_an_unreadable_first_line_is_not_a_title() -> None:
    sheet = read(TITLES, ["2026-S46", "Grossiste A", "3400930000015", None, "n.c.", 70], ["néant"], *LINES)
    assert [issue.line for issue in sheet.quarantined] == [2, 3]
    assert len(sheet.rows) == 3


def test_a_title_merged_over_two_filled_columns_refuses_the_file() -> None:
    message = refusal([*TITLES, None], *([*line, 5] for line in LINES))
    assert "colonne 7 remplie sans titre sur 3 lignes" in message
    assert len(read([*TITLES, None], *LINES[:2], [*LINES[2], "à vérifier"]).rows) == 2


def test_merged_cells_of_a_real_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = first_sheet(book)
    sheet.title = "Stocks"
    rows: list[list[Any]] = [[*TITLES, None], *([*line, 5] for line in LINES)]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("F1:G1")
    book.save(tmp_path / "fusion.xlsx")
    with pytest.raises(RefusedFile, match="colonne 7 remplie sans titre"):
        pointstock.read(raw_file("pointstock", tmp_path / "fusion.xlsx"))


def test_a_second_table_lower_on_the_sheet_refuses_the_file() -> None:
    other = ["", "", "Semaine", "Laboratoire", "CIP13", "Date prévue", "Quantité"]
    message = refusal(
        TITLES, *LINES, [], other, ["", "", "2026-S46", "LABORATOIRE A", "3400930000014", "07/12/2026", 5]
    )
    assert "deuxième ligne de titres à la ligne 6, différente de celle de la ligne 1" in message


def test_a_second_table_beside_the_first_is_a_repeated_column() -> None:
    assert "colonne en double : « Semaine », « Grossiste »" in refusal(
        [*TITLES, None, *TITLES], [*LINES[0], None, *LINES[1]]
    )


def test_the_header_repeated_by_a_page_break_is_ignored_and_counted() -> None:
    sheet = read(TITLES, *LINES[:2], [title.upper() for title in TITLES], LINES[2])
    assert (len(sheet.rows), sheet.rows_in, sheet.rows_ignored, sheet.quarantined) == (3, 4, 1, [])


def test_the_header_repeated_in_another_order_refuses_the_file() -> None:
    assert "deuxième ligne de titres à la ligne 3" in refusal(TITLES, LINES[0], TITLES[::-1], LINES[1])


def test_a_sheet_of_sixteen_thousand_columns_ends_in_a_short_sentence() -> None:
    message = refusal([*TITLES, *(f"Colonne {n}" for n in range(16_000))], LINES[0])
    assert "« Colonne 0 »" in message
    assert "et 15 976 autres" in message
    assert len(message) < 2_000


def test_a_file_whose_lines_are_all_unreadable_is_refused_before_it_fills_the_memory() -> None:
    bad = ["2026-S46", "Grossiste A", "123", None, 1, 1]
    message = refusal(TITLES, LINES[0], *([bad] * (MOST_QUARANTINED + 1)))
    assert message.startswith("« Stocks » : plus de 20000 lignes illisibles ou contradictoires")
    assert "ligne 3, CIP13" in message


def test_the_layout_is_that_of_the_most_recent_title() -> None:
    assert read(TITLES, *LINES).layout == 1
    recent = [*TITLES, "Date du relevé"]
    assert read(recent, *([*line, "15/11/2026"] for line in LINES)).layout == 2


def test_every_layout_of_the_header_tables_is_known_to_its_source() -> None:
    for module in (iqvia, pointstock, tracstocks):
        for table in tables(module.SOURCE.key).values():
            assert all(len(f.since) in (0, len(f.headers)) for f in table.fields)
            assert max((v for f in table.fields for v in f.since), default=1) <= module.SOURCE.version


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_refused_when_filled_and_passed_over_when_empty(tmp_path: Path, state: str) -> None:
    book = openpyxl.Workbook()
    sheet = first_sheet(book)
    sheet.title = "Stocks"
    rows: list[list[Any]] = [TITLES, *LINES]
    for row in rows:
        sheet.append(row)
    hidden = book.create_sheet("Listes")
    hidden.sheet_state = state
    book.save(tmp_path / "a.xlsx")
    assert len(pointstock.read(raw_file("pointstock", tmp_path / "a.xlsx"))[0].rows) == 3
    hidden["A1"] = "x"
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(RefusedFile, match=r"Feuille masquée et remplie\s: «\sListes\s»"):
        pointstock.read(raw_file("pointstock", tmp_path / "b.xlsx"))


def test_an_expected_sheet_that_is_hidden_is_refused(tmp_path: Path) -> None:
    """Supplies of last month, left in a sheet nobody sees."""
    book = openpyxl.Workbook()
    sheet = first_sheet(book)
    sheet.title = "Stocks"
    sheet.append(titles("tracstocks", "tracstocks_stock"))
    hidden = book.create_sheet("Approvisionnements")
    hidden.append(titles("tracstocks", "tracstocks_supply"))
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(RefusedFile, match="Feuille masquée et remplie"):
        tracstocks.read(raw_file("tracstocks", tmp_path / "a.xlsx"))


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"Semaine;Grossiste\n2026-S46;A\n", "stock.csv", "pas un classeur Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "stock.xls", "Ancien format .xls"),
        (b"<html><table><tr><td>2026-S46</td></tr></table></html>", "stock.xls", "Page web"),
    ],
)
def test_another_format_for_a_workbook(tmp_path: Path, content: bytes, name: str, sentence: str) -> None:
    for module in (pointstock, iqvia) if name.endswith("xls") else (pointstock,):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(RefusedFile, match=sentence):
            module.read(raw_file(module.SOURCE.key, tmp_path / name))


def test_the_day_of_the_reading_must_be_in_its_week(make_workbook: MakeWorkbook) -> None:
    rows = [[*line, day] for line, day in zip(LINES, ("15/11/2026", "16/11/2026", None), strict=True)]
    (sheet,) = pointstock.read(make_workbook("pointstock", {"Stocks": [[*TITLES, "Date du relevé"], *rows]}))
    assert [row["line"] for row in sheet.rows] == [2, 4]
    (issue,) = sheet.quarantined
    assert (issue.column, issue.value) == ("Date du relevé", "16/11/2026")
    assert issue.reason == "le 16/11/2026 n'est pas dans la semaine 2026-S46"


def test_the_monday_after_a_sunday_count_is_named(make_workbook: MakeWorkbook) -> None:
    line = ["2026-S47", *LINES[0][1:], "15/11/2026"]
    (sheet,) = pointstock.read(make_workbook("pointstock", {"Stocks": [[*TITLES, "Date du relevé"], line]}))
    assert [(issue.column, issue.reason) for issue in sheet.quarantined] == [
        (
            "Semaine",
            (
                "le dimanche 15/11/2026 clôt la semaine 2026-S46, et la semaine annoncée (2026-S47) commence le lendemain :"
                " sans doute 2026-S46"
            ),
        )
    ]


def test_a_zip_of_workbooks_says_to_unzip(tmp_path: Path, make_workbook: MakeWorkbook) -> None:
    member = make_workbook("pointstock", {"Stocks": [TITLES, *LINES]}).path
    path = tmp_path / "envoi.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(member, "S46/Grossiste A.xlsx")
        archive.write(member, "S46/Grossiste B.xlsx")
        archive.write(member, "__MACOSX/._Grossiste B.xlsx")
    for module in (pointstock, iqvia):
        with pytest.raises(RefusedFile) as caught:
            module.read(raw_file(module.SOURCE.key, path))
        assert str(caught.value) == (
            "Archive .zip de fichiers (« S46/Grossiste A.xlsx », « S46/Grossiste B.xlsx ») : décompressez-la, puis déposez"
            " chaque fichier."
        )


@pytest.mark.parametrize(
    ("head", "sentence"),
    [(b"7z\xbc\xaf\x27\x1c", r"Archive \.7z"), (b"Rar!\x1a\x07\x01", r"Archive \.rar"), (b"%PDF-1.7", "Document PDF")],
)
def test_other_archives_and_documents_are_named(tmp_path: Path, head: bytes, sentence: str) -> None:
    (tmp_path / "a.csv").write_bytes(head + bytes(100))
    for module in (pointstock, iqvia):
        with pytest.raises(RefusedFile, match=sentence):
            module.read(raw_file(module.SOURCE.key, tmp_path / "a.csv"))


SALES = ["SEMAINE", "CIP13", "REGION", "BOITES"]
SALE = ["2026-S46", "3400930000014", "84", "12"]


@pytest.mark.parametrize(("mark", "name"), [("\t", "tabulation"), ("|", "« | »"), (",", "« , »")])
def test_another_separator_is_read_with_a_remark(make_text: Callable[..., RawFile], mark: str, name: str) -> None:
    text = f"Ventes, édition du 16/11\n{mark.join(SALES)}\n{mark.join(SALE)}\n"
    (sheet,) = openhealth.read(make_text("openhealth", text))
    assert [(row["line"], row["boxes"]) for row in sheet.rows] == [(3, 12)]
    assert [(note.line, note.reason) for note in sheet.notes] == [
        (2, f"séparateur {name} au lieu de « ; » : le fichier est lu ainsi")
    ]


def test_commas_that_also_mark_decimals_refuse_the_file(make_text: Callable[..., RawFile]) -> None:
    text = f"{','.join(SALES)}\n{','.join(SALE)}\n{','.join(SALE)},5\n"  # 12,5 boxes would be 12, and 5 of nothing
    with pytest.raises(RefusedFile) as caught:
        openhealth.read(make_text("openhealth", text))
    assert str(caught.value) == (
        "Séparateur « , » au lieu de « ; », et ligne 3 de 5 valeurs pour 4 titres : la virgule y marque sans doute aussi les"
        " décimales. Enregistrez le fichier en CSV à séparateur « ; »."
    )


def test_a_title_above_the_header_of_a_csv_is_passed_over(make_text: Callable[..., RawFile]) -> None:
    head = "cis,nom_medicament,cause,classification,date_evenement,code_atc,molecule,laboratoire,nb_patients_ville"
    line = '60990001,"fictivir 200 mg, comprimé",Transfert de site,rupture,2024-01-24,J05AX99,Fictivir,labo a,10000'
    (sheet,) = historique.read(make_text("historique", f"Déclarations closes 2024\n{head}\n{line}\n"))
    assert [(row["line"], row["name"], row["town_patients"]) for row in sheet.rows] == [
        (3, "fictivir 200 mg, comprimé", 10000)
    ]


def test_a_csv_under_a_workbook_source_and_the_reverse(
    make_workbook: MakeWorkbook, make_text: Callable[..., RawFile]
) -> None:
    sheets: Mapping[str, Rows] = {
        "Couverture": [
            titles("iqvia", "iqvia_coverage"),
            ["2026-S46", "g", "Région", 84, 5, 1, None, None, None, None, None, None],
        ]
    }
    assert iqvia.read(make_workbook("iqvia", sheets))[0].rows[0]["territory"] == "84"
    text = ";".join(titles("iqvia", "iqvia_coverage")) + "\n2026-S46;g;Région;84;5;1;;;;;;\n"
    assert iqvia.read(make_text("iqvia", text))[0].rows[0]["territory"] == "84"
