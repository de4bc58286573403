"""Hidden lines and columns, and sheets nobody asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from connectors import pointstock, tracstocks
from connectors.base import RefusedFile, Sheet
from tests.connectors.hostile_files import SHEET, altered, cell, sheet_xml
from tests.connectors.partner_files import MakeWorkbook, first_sheet, raw_file, titles

TITLES = titles("pointstock", "pointstock_stock")[:6]
CODES = ("3400930000014", "3400930000021", "3400930000038")
LINES = [["2026-S46", "Grossiste A", code, "Boîte", 100, 10] for code in CODES]


def read(folder: Path, change: Callable[[Worksheet], object]) -> Sheet:
    """The workbook after ``change`` of its sheet: titles on line 1, data on lines 2 to 4."""
    book = openpyxl.Workbook()
    sheet = first_sheet(book)
    sheet.title = "Stocks"
    rows: list[list[Any]] = [TITLES, *LINES]
    for row in rows:
        sheet.append(row)
    change(sheet)
    book.save(folder / "a.xlsx")
    (read_sheet,) = pointstock.read(raw_file("pointstock", folder / "a.xlsx"))
    return read_sheet


def hide_line(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True


def group_line(sheet: Worksheet) -> None:
    sheet.row_dimensions.group(3, 3, hidden=True)


def filter_lines(sheet: Worksheet) -> None:
    sheet.auto_filter.ref = "A1:F4"
    sheet.auto_filter.add_filter_column(2, [CODES[0], CODES[2]])
    hide_line(sheet)


@pytest.mark.parametrize("change", [hide_line, group_line, filter_lines])
def test_hidden_lines_that_are_filled_refuse_the_sheet(tmp_path: Path, change: Callable[[Worksheet], None]) -> None:
    with pytest.raises(RefusedFile) as caught:
        read(tmp_path, change)
    assert str(caught.value) == (
        "« Stocks » : lignes masquées ou filtrées, et remplies (1, la première ligne 3). Affichez-les (retirez le filtre),"
        " ou supprimez-les."
    )


def test_hidden_columns_that_are_filled_refuse_the_sheet(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.column_dimensions["E"].hidden = True

    with pytest.raises(RefusedFile) as caught:
        read(tmp_path, hide)
    assert str(caught.value) == (
        "« Stocks » : colonnes masquées et remplies (« Stock (boîtes) »). Affichez-les, videz-les ou supprimez-les."
    )


def test_what_is_hidden_and_empty_is_passed_over(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.column_dimensions["H"].hidden = True
        sheet.row_dimensions[5].hidden = True
        sheet.row_dimensions[2].hidden = False

    assert len(read(tmp_path, hide).rows) == 3


def test_an_extra_sheet_is_named_and_not_read(make_workbook: MakeWorkbook) -> None:
    extra = {
        "Synthèse": [["Étiquettes de lignes", "Somme de Stock"], ["Grossiste A", 300], ["Total général", 300]],
        "Feuil2": [[], ["à revoir avec la direction"]],
        "Vide": [],
    }
    raw = make_workbook("pointstock", {"Couverture du dépôt": [["Point Stock"]], "Stocks": [TITLES, *LINES], **extra})
    sheet, *others = pointstock.read(raw)
    assert len(sheet.rows) == 3
    assert [(other.rows_in, other.rows_ignored, other.balanced) for other in others] == [
        (1, 1, True),
        (3, 3, True),
        (1, 1, True),
    ]
    assert [(note.sheet, note.line, note.reason) for other in others for note in other.notes] == [
        ("Couverture du dépôt", 1, "feuille inconnue, non lue (1 ligne remplie)"),
        ("Synthèse", 1, "feuille inconnue, non lue (3 lignes remplies)"),
        ("Feuil2", 2, "feuille inconnue, non lue (1 ligne remplie)"),
    ]


def test_a_second_sheet_of_data_under_another_name_refuses_the_workbook(make_workbook: MakeWorkbook) -> None:
    second = [["2026-S45", *LINES[0][1:]]]
    # One title spelt otherwise does not make it a note.
    for head in (TITLES, [*TITLES[:5], "Ventes S45"]):
        raw = make_workbook("pointstock", {"Stocks": [TITLES, *LINES], "S45": [["Point Stock"], head, *second]})
        with pytest.raises(RefusedFile, match=r"Feuille inconnue\s: «\sS45\s»\. Elle a les titres de «\sStocks\s»"):
            pointstock.read(raw)


def test_an_optional_sheet_under_a_wrong_name_is_not_lost(make_workbook: MakeWorkbook) -> None:
    stocks = [titles("tracstocks", "tracstocks_stock")]
    supplies = [titles("tracstocks", "tracstocks_supply"), ["2026-S46", "LABO A", CODES[0], "07/12/2026", 500]]
    raw = make_workbook("tracstocks", {"Stocks": stocks, "Livraisons": supplies})
    with pytest.raises(RefusedFile, match=r"titres de «\sApprovisionnements\s»"):
        tracstocks.read(raw)


def test_lines_of_no_height_are_hidden(tmp_path: Path) -> None:
    head = b"".join(cell(f"{letter}1", title) for letter, title in zip("ABCDEF", TITLES, strict=True))
    line = b"".join(cell(f"{letter}2", str(value)) for letter, value in zip("ABCDEF", LINES[0], strict=True))
    rows = b'<row r="1">' + head + b'</row><row r="2" ht="0" customHeight="1">' + line + b"</row>"
    path = altered(tmp_path / "a.xlsx", {"Stocks": [TITLES]}, {SHEET: sheet_xml(rows)})
    with pytest.raises(RefusedFile, match="lignes masquées ou filtrées, et remplies"):
        pointstock.read(raw_file("pointstock", path))
