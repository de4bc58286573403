"""Partner files as values that can be mutated, then written byte by byte.

Workbooks are written by hand: a library refuses to write what a hostile or broken program does write.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

Kind = Literal["xlsx", "csv", "tsv", "json"]
BLANK = (None, "", "  ", "\u00a0")
MISSING = "<absent>"  # a record without this key (JSON only)
ORIGIN = datetime(1899, 12, 30)
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Formula:
    """A formula and the value the spreadsheet had kept for it."""

    text: str
    kept: str


@dataclass(frozen=True)
class ErrorCell:
    """A cell in error, as a spreadsheet stores it."""

    text: str


@dataclass(frozen=True)
class Shown:
    """A number that the spreadsheet shows as a percentage: 0.125 is shown as 12,5 %."""

    number: float


@dataclass(frozen=True)
class Raw:
    """Text written without any escape: it may break the XML."""

    text: str


@dataclass(frozen=True)
class Row:
    """``touched``: a mutation changed a cell of it, so its values may lawfully differ. ``hidden``: by a filter."""

    cells: tuple[object, ...]
    touched: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Sheet:
    """``head``: position of the line of titles, -1 for a file that has none."""

    name: str
    rows: tuple[Row, ...]
    head: int = 0
    hidden: bool = False
    merges: tuple[str, ...] = ()
    hidden_columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class Book:
    """A tabular file before it becomes bytes.

    ``sure``: every row that is not touched must keep its values. ``strict``: without losing any.
    """

    kind: Kind
    sheets: tuple[Sheet, ...]
    sure: bool = True
    strict: bool = True
    encoding: str = "utf-8"
    end_of_line: str = "\r\n"
    delimiter: str = ";"

    def with_sheet(self, index: int, sheet: Sheet) -> Book:
        return replace(self, sheets=(*self.sheets[:index], sheet, *self.sheets[index + 1 :]))

    @property
    def touched(self) -> int:
        return sum(row.touched for sheet in self.sheets for row in sheet.rows)

    @property
    def untouched(self) -> int:
        """Lines that hold something and that nothing touched, titles and notices left out: a reader sees them all."""
        return sum(
            not row.touched and any(cell not in BLANK for cell in row.cells)
            for sheet in self.sheets
            for number, row in enumerate(sheet.rows)
            if number != sheet.head and sheet.name.casefold() != "notice"
        )


def table(rows: Sequence[Sequence[object]]) -> tuple[Row, ...]:
    """Rows no mutation has touched."""
    return tuple(Row(tuple(cells)) for cells in rows)


def written(book: Book) -> bytes:
    """The bytes of the file."""
    if book.kind == "xlsx":
        return packed(workbook_parts(book))
    if book.kind == "json":
        return _records(book.sheets[0]).encode("utf-8", "surrogatepass")
    return _text(book).encode(book.encoding, "replace")


def _text(book: Book) -> str:
    rows = [[_shown(cell) for cell in row.cells] for sheet in book.sheets for row in sheet.rows]
    if book.kind == "tsv":
        return "".join("\t".join(cells) + book.end_of_line for cells in rows)
    out = io.StringIO()
    csv.writer(out, delimiter=book.delimiter, lineterminator=book.end_of_line).writerows(rows)
    return out.getvalue()


def _shown(cell: object) -> str:
    """A cell as a program writes it in a text file."""
    if cell is None:
        return ""
    if isinstance(cell, Formula):
        return cell.kept
    if isinstance(cell, ErrorCell | Raw):
        return cell.text
    if isinstance(cell, Shown):
        return f"{cell.number * 100} %"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def _records(sheet: Sheet) -> str:
    if not 0 <= sheet.head < len(sheet.rows):
        return "[]"
    titles = [str(cell) for cell in sheet.rows[sheet.head].cells]
    body = [row for index, row in enumerate(sheet.rows) if index != sheet.head]
    records = [
        {title: _plain(cell) for title, cell in zip(titles, row.cells, strict=False) if cell != MISSING} for row in body
    ]
    return json.dumps(records, ensure_ascii=False)


def _plain(cell: object) -> object:
    return cell if isinstance(cell, str | int | float | None) else _shown(cell)


def packed(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip of these parts, in order; the same name may come twice."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", compresslevel=1) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
STYLES = (
    f'<styleSheet {NAMESPACE}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1">'
    '<border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/><xf numFmtId="9" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def workbook_parts(book: Book) -> list[tuple[str, bytes]]:
    """Parts of the workbook by name, the least a spreadsheet accepts."""
    numbers = range(1, len(book.sheets) + 1)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>' for n in numbers
    )
    listed = "".join(
        f'<sheet name={quoteattr(_legal(sheet.name))} sheetId="{n}" r:id="rId{n}"'
        f"{' state=' + quoteattr('hidden') if sheet.hidden else ''}/>"
        for n, sheet in zip(numbers, book.sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATED}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships {RELATIONS}><Relationship Id="rId1" Type="{RELATED}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {NAMESPACE} xmlns:r="{RELATED}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships {RELATIONS}>{links}"
        f'<Relationship Id="rId0" Type="{RELATED}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": _sheet_xml(sheet) for n, sheet in zip(numbers, book.sheets, strict=True)},
    }
    header = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return [(name, (header + text).encode("utf-8", "surrogatepass")) for name, text in parts.items()]


def _sheet_xml(sheet: Sheet) -> str:
    rows = "".join(
        f'<row r="{line}"{" hidden=" + quoteattr("1") if row.hidden else ""}>{"".join(_cell_xml(f"{letters(column)}{line}", cell) for column, cell in enumerate(row.cells))}</row>'
        for line, row in enumerate(sheet.rows, start=1)
    )
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.merges)
    merged = f'<mergeCells count="{len(sheet.merges)}">{merged}</mergeCells>' if sheet.merges else ""
    columns = "".join(f'<col min="{n + 1}" max="{n + 1}" hidden="1" width="9"/>' for n in sheet.hidden_columns)
    columns = f"<cols>{columns}</cols>" if columns else ""
    return f"<worksheet {NAMESPACE}>{columns}<sheetData>{rows}</sheetData>{merged}</worksheet>"


def _cell_xml(at: str, cell: object) -> str:
    if isinstance(cell, Shown):
        return f'<c r="{at}" s="3"><v>{cell.number!r}</v></c>'
    return _typed_xml(at, cell)


def _typed_xml(at: str, cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return f'<c r="{at}" t="b"><v>{int(cell)}</v></c>'
        case float() if not math.isfinite(cell):
            return f'<c r="{at}"><v>{cell}</v></c>'
        case int() | float():
            return f'<c r="{at}"><v>{cell!r}</v></c>'
        case datetime():
            return f'<c r="{at}" s="2"><v>{(cell - ORIGIN).total_seconds() / 86400!r}</v></c>'
        case date():
            return f'<c r="{at}" s="1"><v>{(datetime(cell.year, cell.month, cell.day) - ORIGIN).days}</v></c>'
        case Formula():
            return f'<c r="{at}" t="str"><f>{escape(_legal(cell.text))}</f><v>{escape(_legal(cell.kept))}</v></c>'
        case ErrorCell():
            return f'<c r="{at}" t="e"><v>{escape(cell.text)}</v></c>'
        case Raw():
            return f'<c r="{at}" t="inlineStr"><is><t>{cell.text}</t></is></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(_legal(str(cell)))}</t></is></c>'


def _legal(text: str) -> str:
    """Characters XML forbids, as Excel escapes them: ``_x0000_``."""
    return ILLEGAL.sub(lambda hit: f"_x{ord(hit[0]):04X}_", text)


def letters(column: int) -> str:
    """0 is ``A``, 26 is ``AA``."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
