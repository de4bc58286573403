"""Workbooks, honest and hostile. A hostile one ends in a sentence, never in this process."""

from __future__ import annotations

import dataclasses
import struct
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from connectors.base import RefusedFile
from connectors.reading.workbook import LIMITS, WorkbookLimits, open_workbook
from tests.connectors.partner_files import first_sheet, write_workbook

Grid = list[list[object]]


def read_workbook(path: Path, limits: WorkbookLimits = LIMITS) -> dict[str, Grid]:
    """Cells by sheet, all in memory."""
    with open_workbook(path, limits) as sheets:
        grids: dict[str, Grid] = {}
        for sheet in sheets:
            assert [number for number, _ in sheet.lines] == list(range(1, 1 + len(list(sheet.lines))))
            grids[sheet.name] = [list(cells) for _, cells in sheet.lines]
        return grids


def refusal(path: Path, limits: WorkbookLimits = LIMITS) -> str:
    with pytest.raises(RefusedFile) as caught:
        read_workbook(path, limits)
    return str(caught.value)


def limits(**changes: float) -> WorkbookLimits:
    return dataclasses.replace(LIMITS, **changes)  # type: ignore[arg-type]


def a_workbook(folder: Path) -> Path:
    return write_workbook(folder / "w.xlsx", {"Stocks": [["Semaine", "é€"], [date(2026, 11, 16), 12.5]], "Vide": []})


def test_cells_keep_their_types(tmp_path: Path) -> None:
    path = tmp_path / "types.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Feuille é")
        sheet.write_row(0, 0, ["texte", 3400930000014, 1.5, True])
        sheet.write_datetime(0, 4, datetime(2026, 11, 16, 8, 30), book.add_format({"num_format": "dd/mm/yyyy hh:mm"}))
        sheet.write_datetime(0, 5, datetime(2026, 11, 16), book.add_format({"num_format": "dd/mm/yyyy"}))
    (row,) = read_workbook(path)["Feuille é"]
    assert row[:4] == ["texte", 3400930000014, 1.5, True]
    assert row[4:] == [datetime(2026, 11, 16, 8, 30), date(2026, 11, 16)]


def test_positions_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "low.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("A").write(3, 2, "ici")
    assert read_workbook(path)["A"] == [[], [], [], [None, None, "ici"]]


def test_every_sheet_is_returned_even_empty(tmp_path: Path) -> None:
    assert {name: len(grid) for name, grid in read_workbook(a_workbook(tmp_path)).items()} == {"Stocks": 2, "Vide": 0}


def test_two_far_cells_end_the_child_only(tmp_path: Path) -> None:
    path = tmp_path / "sparse.xlsx"
    book = openpyxl.Workbook()
    sheet = first_sheet(book)
    sheet["A1"], sheet["XFD1048576"] = 1, 2
    book.save(path)
    assert path.stat().st_size < 10_000
    assert "trop grand" in refusal(path)


def test_too_many_cells(tmp_path: Path) -> None:
    assert "trop grand" in refusal(a_workbook(tmp_path), limits(cells=3))


def bomb(folder: Path, expanded: int) -> Path:
    """A workbook whose one sheet expands to ``expanded`` bytes."""
    path = a_workbook(folder)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", b"\0" * expanded)
    return path


def test_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = bomb(tmp_path, 20_000_000)
    assert path.stat().st_size < 100_000
    assert "compressé" in refusal(path)


def test_zip_too_large_once_open(tmp_path: Path) -> None:
    assert "compressé" in refusal(bomb(tmp_path, 2_000_000), limits(expanded_bytes=1_000_000))


def test_too_many_parts(tmp_path: Path) -> None:
    assert "compressé" in refusal(a_workbook(tmp_path), limits(entries=3))


def long_text(folder: Path) -> tuple[Path, int]:
    """A workbook of 1 MB that holds one text of 150 MB, and the size of the part that holds it."""
    small, dense = a_workbook(folder), folder / "dense.xlsx"
    text = b"<sst><si><t>" + b"a" * 150_000_000 + b"</t></si></sst>"
    with zipfile.ZipFile(small) as source, zipfile.ZipFile(dense, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for part in source.namelist():
            target.writestr(part, text if part == "xl/sharedStrings.xml" else source.read(part))
    return dense, len(text)


def test_memory_limit_of_the_child(tmp_path: Path) -> None:
    path, _ = long_text(tmp_path)
    assert "trop grand" in refusal(path, limits(memory_bytes=200_000_000, ratio=2000.0))


def test_a_zip_that_lies_about_its_sizes(tmp_path: Path) -> None:
    path, size = long_text(tmp_path)
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", 1000)))
    assert "abîmé" in refusal(path, limits(memory_bytes=200_000_000))


def test_time_out(tmp_path: Path) -> None:
    assert "trop long" in refusal(a_workbook(tmp_path), limits(timeout_seconds=0.001))


def test_file_too_big(tmp_path: Path) -> None:
    assert "trop gros" in refusal(a_workbook(tmp_path), limits(file_bytes=1000))


def test_truncated(tmp_path: Path) -> None:
    path = a_workbook(tmp_path)
    path.write_bytes(path.read_bytes()[:2000])
    assert "tronqué" in refusal(path)


def test_damaged_part(tmp_path: Path) -> None:
    path = a_workbook(tmp_path)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    content[start + 60 : start + 120] = b"\xff" * 60
    path.write_bytes(content)
    assert "abîmé" in refusal(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vide"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Ancien format .xls"),
        (b"\xef\xbb\xbf\r\n<html><table><tr><td>1</td></tr></table></html>", "Page web"),
        (b"<?xml version='1.0'?><Workbook/>", "Page web"),
        (b"Semaine;Stock\n2026-S46;3\n", "pas un classeur"),
    ],
)
def test_files_renamed_as_workbooks(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "stock.xlsx"
    path.write_bytes(content)
    assert sentence in refusal(path)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("content.xml", "LibreOffice (.ods)"),
        ("xl/workbook.bin", "binaire (.xlsb)"),
        ("word/document.xml", "pas un classeur"),
    ],
)
def test_another_zip(tmp_path: Path, part: str, sentence: str) -> None:
    path = tmp_path / "stock.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "<office/>")
    assert sentence in refusal(path)


def test_the_child_gets_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}
    original = subprocess.run

    def spy(*args: Any, **options: Any) -> Any:
        seen.update(options)
        return original(*args, **options)

    monkeypatch.setenv("VIGISTOCK_SECRET", "x")
    monkeypatch.setattr("connectors.reading.workbook.subprocess.run", spy)
    read_workbook(a_workbook(tmp_path))
    assert seen["env"] == {"PYTHONUTF8": "1"}
