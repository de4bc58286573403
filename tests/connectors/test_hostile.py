"""Files made to harm: each ends in a sentence, or in the values it shows, and costs the service little memory."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel

from connectors import iqvia, pointstock
from connectors.base import RawFile, RefusedFile, Sheet
from connectors.reading.workbook import ROOT, open_workbook
from tests.connectors.hostile_files import SHEET, STRINGS, altered, cell, sheet_xml, strings_xml
from tests.connectors.partner_files import Rows, first_sheet, raw_file, titles, write_workbook

TITLES = titles("pointstock", "pointstock_stock")
LINE: list[Any] = ["2026-S46", "Grossiste A", "3400930000014", "AMOXICILLINE", 1250, 310]
HONEST: dict[str, Rows] = {"Stocks": [TITLES, LINE]}
ENTITIES = (
    b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
)
SAVED = (  # as a spreadsheet writes it: nothing left to calculate
    b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats'
    b'.org/officeDocument/2006/relationships"><sheets><sheet name="Stocks" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
FILE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def refusal(path: Path) -> str:
    with pytest.raises(RefusedFile) as caught:
        pointstock.read(raw_file("pointstock", path))
    return str(caught.value)


def read(path: Path) -> Sheet:
    (sheet,) = pointstock.read(raw_file("pointstock", path))
    assert sheet.balanced
    return sheet


def filled(folder: Path, **cells: Any) -> Path:
    """The honest workbook with some cells written by a spreadsheet: formulas, errors."""
    path = write_workbook(folder / "honest.xlsx", HONEST)
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        book["Stocks"][place] = value
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({STRINGS: strings_xml(b"<si><t>&c;</t></si>", ENTITIES)}, "entités XML"),
        ({SHEET: sheet_xml(b'<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>', FILE)}, "entités XML"),
        ({STRINGS: strings_xml(b"<si><t>&c;</t></si>", b"<!--" + b"x" * 9_000 + b"-->" + ENTITIES)}, "abîmé"),
        ({SHEET: sheet_xml(b'<row r="1"><c r="A1" t="s"><v>99999</v></c></row>')}, "abîmé"),
        ({SHEET: sheet_xml(b'<row r="1"><c r="ZZZZZZZ99999999999"><v>1</v></c></row>')}, "trop grand"),
        ({SHEET: sheet_xml(b"<a>" * 200_000 + b"</a>" * 200_000)}, "absente ou vide"),
        ({SHEET: b"pas du XML"}, "abîmé"),
        ({"../../tmp/piege.txt": b"x"}, "sortant de l'archive"),
        ({"/etc/cron.d/piege": b"x"}, "sortant de l'archive"),
        ({"xl\\..\\..\\piege.txt": b"x"}, "sortant de l'archive"),
        ({"xl/vbaProject.bin": b"x"}, "Classeur avec macros"),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "lié à d'autres classeurs"),
        ({"xl/workbook.bin": b"x"}, "binaire (.xlsb)"),
    ],
)
def test_a_workbook_no_spreadsheet_writes(tmp_path: Path, parts: dict[str, bytes], sentence: str) -> None:
    assert sentence in refusal(altered(tmp_path / "piege.xlsx", HONEST, parts))


def test_two_parts_of_the_same_name(tmp_path: Path) -> None:
    """One reader would take the first, another the last."""
    path = write_workbook(tmp_path / "double.xlsx", HONEST)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, sheet_xml(b""))
    assert "noms de parties en double" in refusal(path)


def test_a_compression_spreadsheets_do_not_know(tmp_path: Path) -> None:
    path = tmp_path / "lzma.xlsx"
    with zipfile.ZipFile(write_workbook(tmp_path / "h.xlsx", HONEST)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name), compress_type=zipfile.ZIP_LZMA)
    assert "compression inconnue" in refusal(path)


def repeated_text(folder: Path, rows: int) -> Path:
    """A workbook of a few hundred kilobytes whose every cell is the same text of 32 767 characters."""
    lines = (
        b'<row r="%d">' % r
        + b"".join(b'<c r="%s%d" t="s"><v>0</v></c>' % (c, r) for c in (b"A", b"B", b"C"))
        + b"</row>"
        for r in range(1, rows + 1)
    )
    strings = strings_xml(b"<si><t>" + b"a" * 32_767 + b"</t></si>")
    return altered(folder / "textes.xlsx", HONEST, {SHEET: sheet_xml(b"".join(lines)), STRINGS: strings})


MEASURE = """
import re, sys
from pathlib import Path
from connectors import pointstock
from connectors.base import RefusedFile
from tests.connectors.partner_files import raw_file
try:
    pointstock.read(raw_file("pointstock", Path(sys.argv[1])))
except RefusedFile as refusal:
    print(refusal)
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.parametrize("rows", [1_000, 30_000])
def test_a_text_repeated_by_reference_costs_this_process_little(tmp_path: Path, rows: int) -> None:
    """100 MB and 3 GB once written out: the first is looked at line by line, the second stops the child."""
    path = repeated_text(tmp_path, rows)
    assert path.stat().st_size < 2_000_000
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=100
    )
    sentence, megabytes = done.stdout.strip().rsplit("\n", 1)
    assert ("obligatoire absente" if rows == 1_000 else "trop grand") in sentence
    assert int(megabytes) < 150


def test_a_million_empty_rows_with_a_style(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (r, r) for r in range(3, 1_000_000, 4))
    first = b"".join(
        b'<row r="%d">' % r + b"".join(cell(f"{'ABCDEF'[i]}{r}", str(text)) for i, text in enumerate(texts)) + b"</row>"
        for r, texts in ((1, TITLES[:6]), (2, LINE))
    )
    sheet = read(altered(tmp_path / "vides.xlsx", HONEST, {SHEET: sheet_xml(first + rows)}))
    assert (sheet.rows_in, len(sheet.rows)) == (1, 1)


def test_a_formula_gives_the_value_it_showed(tmp_path: Path) -> None:
    formula = b'<c r="E2"><f>1000+250</f><v>1250</v></c><c r="F2"><v>1</v></c>'
    parts = {SHEET: sheet_xml(_line(1, TITLES[:6]) + _line(2, LINE[:4], formula)), "xl/workbook.xml": SAVED}
    assert read(altered(tmp_path / "g.xlsx", HONEST, parts)).rows[0]["stock_boxes"] == 1250


def test_formulas_a_program_left_to_calculate_are_not_read_as_zero(tmp_path: Path) -> None:
    """xlsxwriter writes 0 as their result, openpyxl none: a spreadsheet calculates them when it opens the file."""
    by_xlsxwriter = write_workbook(
        tmp_path / "f.xlsx", {"Stocks": [TITLES, [*LINE[:4], "=1000+250", 5]]}, formulas=True
    )
    for path in (by_xlsxwriter, filled(tmp_path, E2="=1000+250")):
        assert "formules n'ont jamais été calculées" in refusal(path)


def _line(number: int, texts: Sequence[object], more: bytes = b"") -> bytes:
    cells = b"".join(cell(f"{'ABCDEF'[i]}{number}", str(text)) for i, text in enumerate(texts))
    return b'<row r="%d">' % number + cells + more + b"</row>"


def test_a_formula_without_result_is_a_missing_value(tmp_path: Path) -> None:
    formula = b'<c r="E2"><f>cmd|\'/c calc\'!A0</f></c><c r="F2"><v>1</v></c>'
    parts = {SHEET: sheet_xml(_line(1, TITLES[:6]) + _line(2, LINE[:4], formula)), "xl/workbook.xml": SAVED}
    (issue,) = read(altered(tmp_path / "g.xlsx", HONEST, parts)).quarantined
    assert (issue.column, issue.reason) == ("Stock (boîtes)", "valeur obligatoire absente")


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A0", "@SUM(A1)", "+33 1 23", "-- vide"])
def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path, text: str) -> None:
    rows = {SHEET: sheet_xml(_line(1, TITLES[:6]) + _line(2, [*LINE[:3], text, 5, 1]))}
    assert read(altered(tmp_path / "t.xlsx", HONEST, rows)).rows[0]["label"] == text


def test_a_formula_in_a_csv_is_a_text(make_text: Callable[..., RawFile]) -> None:
    text = ";".join(titles("iqvia", "iqvia_coverage")) + "\n2026-S46;=cmd|'/c calc'!A0;Région;84;5;=1+1;;;;;;\n"
    (issue,) = iqvia.read(make_text("iqvia", text))[0].quarantined
    assert (issue.column, issue.value, issue.reason) == ("Ventes (boîtes)", "=1+1", "nombre illisible")


def test_control_characters_are_quarantined_and_exported_without_harm(tmp_path: Path) -> None:
    rows = {SHEET: sheet_xml(_line(1, TITLES[:6]) + _line(2, [*LINE[:3], "AMOX\0ICILLINE", 5, 1]))}
    (issue,) = read(altered(tmp_path / "nul.xlsx", HONEST, rows)).quarantined
    assert issue.reason == "caractère de contrôle dans le texte"
    assert issue.cells[3] == "AMOX\ufffdICILLINE"


def test_days_counted_from_1904_are_the_days_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = first_sheet(book)
    sheet.title = "Stocks"
    for row in (TITLES, [*LINE, None]):
        sheet.append(row)
    shown = from_excel(46_000)
    assert isinstance(shown, datetime)
    sheet["A2"] = shown
    book.save(tmp_path / "mac.xlsx")
    monday = read(tmp_path / "mac.xlsx").rows[0]["week"]
    assert 0 <= (shown.date() - monday).days < 7


def test_a_name_that_climbs_the_folders_is_only_a_name(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "x.xlsx", HONEST)
    raw = RawFile("pointstock", "../../../etc/passwd.xlsx", path, raw_file("pointstock", path).received_at, "0" * 64)
    assert len(pointstock.read(raw)[0].rows) == 1


def test_sheets_are_not_kept_in_memory(tmp_path: Path) -> None:
    """The same sheet can be read twice, and from its beginning each time."""
    path = write_workbook(tmp_path / "a.xlsx", {"A": [["x", 1]], "B": [["y"], ["z"]]})
    with open_workbook(path) as (first, second):
        assert list(second.lines) == [(1, ["y"]), (2, ["z"])]
        assert list(first.lines) == list(first.lines) == [(1, ["x", 1.0])]
