"""Workbooks no spreadsheet would write, made from an honest one."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.connectors.partner_files import Rows, write_workbook

HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPREADSHEET = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def altered(path: Path, honest: Mapping[str, Rows], parts: Mapping[str, bytes]) -> Path:
    """The honest workbook with some parts replaced or added."""
    source = write_workbook(path.with_name("honest.xlsx"), honest)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in [*old.namelist(), *(name for name in parts if name not in old.namelist())]:
            new.writestr(name, parts.get(name) or old.read(name))
    return path


def sheet_xml(rows: bytes, before: bytes = b"") -> bytes:
    return HEAD + before + b'<worksheet xmlns="' + SPREADSHEET + b'"><sheetData>' + rows + b"</sheetData></worksheet>"


def strings_xml(items: bytes, before: bytes = b"") -> bytes:
    return HEAD + before + b'<sst xmlns="' + SPREADSHEET + b'">' + items + b"</sst>"


def cell(place: str, text: str) -> bytes:
    """A cell that holds its own text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()
