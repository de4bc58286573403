"""What people, spreadsheets and attackers put in one cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.documents import MISSING, Book, ErrorCell, Formula, Raw, Row, Sheet

Draw = Callable[[st.SearchStrategy[Any]], Any]

NBSP, NNBSP = "\u00a0", "\u202f"
NUMBERS = (
    *(
        "1 234,5",
        f"1{NBSP}234,5",
        f"1{NNBSP}234,5",
        "1.234",
        "1,234",
        "1.234,5",
        "1,466,29",
        "1'234",
        "12,5 %",
        "12.50",
    ),
    *("-5", "−5", "(5)", "+3", "1e5", "1E400", "5-", "0x10", "١٢٣", "１２３", "²", "½", "1 234 boîtes", "~100", "100?"),
    *("1,234,567", "1.234.567", "<5", "0,4", "0.4 %", 0.5),
    *(",5", "5,", "--5", "1,2,3,4", "1 2 3", "0005", "1_000", "nan", "inf", "-Infinity", "9" * 400),
    *(-1, -0.0, -1e-9, 0, 1e-320, 0.1, 2**53 + 1, 1e15, 1e15 + 1, -1e300, 1e308, 10**400, float("nan"), float("inf")),
)
DATES = (
    *("31/02/2026", "00/00/0000", "2026-13-01", "29/02/2023", "1er mars 2026", "12 brumaire 2026", "09/11/26"),
    *("11/09/2026", "2026-11-09T25:00:00", "2026-11-09 00:00:00", "9999-12-31", "0001-01-01", "2026-W46", "S54", "S46"),
    *("2026-S00", "2026-S54", "2026-S53", "0000-S01", "9999-S52", "202699", 202654, 202646, 46335, 46335.75, 60, -1),
    *(
        "fin décembre 2026",
        "T1 2027",
        "S1 2027",
        "mi-mars 2027",
        "à définir",
        "11/16/2026",
        "11/2026",
        202611,
        "31/12/26",
    ),
    *(
        "2027-S03",
        "2031-S01",
        "2025-S46",
        date(2026, 11, 1),
        date(2026, 11, 23),
        "1899-S01",
        "aujourd'hui",
        1e9,
        "2026-11-16T08:00:00+25:00",
        "2026-11-16T08:00:00Z",
    ),
    *("202602", 202610, "01/01/1900", "31/12/2099", "00/01/1900", date(1970, 1, 1), 0, 2958465),
    *(date(1990, 1, 1), date(2100, 12, 31), datetime(2026, 11, 9, 23, 59, 59), datetime(9999, 12, 31)),
)
CODES = (
    *("3400930000014", "3400930000015", "340093000001", "34009300000144", "3400930000014.0", "3,40093E+12", " 3000014"),
    *(
        "3400 930 000 014",
        "03400930000014",
        "(01)03400930000014",
        "34009.300.000.14",
        "'3400930000014",
        3400930000014,
        3400930000014.0,
        3.40093e12,
        "EAN 3400930000014",
        "60990001",
    ),
    *("3400930000014\u200b", "340093000001٤", 60990001, "0000000000000", "1", 1, "01", "20", "2a", "2A ", "FRA", "99"),
)
BLANKS = (None, "", " ", NBSP, "\u200b", "\ufeff", "\t", "NA", "n.c.", "N/A", "-", "–", "null", "None", "nd")
ERRORS = (
    *(ErrorCell("#N/A"), ErrorCell("#REF!"), ErrorCell("#DIV/0!"), ErrorCell("#GETTING_DATA"), ErrorCell("?")),
    *("#N/A", "#VALEUR!", "#REF!", "#¡DIV/0!"),
)
FORMULAS = (
    *("=cmd|' /C calc'!A0", "+1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(A1:A9)", '=HYPERLINK("http://x";"y")', "=1/0"),
    *(Formula("cmd|' /C calc'!A0", "12"), Formula("NOW()", "46335"), Formula("1/0", "#DIV/0!"), Formula("A1", "")),
)
TEXTS = (
    *("\u202eSTOCK\u202c", "e\u0301" * 5, "👩‍⚕️💊", "İı", "ﬁ", "\0", "a\0b", "\x1b[31m", "\r", "a\nb", "a\r\nb", "a\tb"),
    *("• Autre • Ville", "1. Autre\n2. Ville", "Ville/Hôpital", "Autre et Ville", "TOTAL CARE PHARMA"),
    *("a;b", "a,b", '"', '"a', 'a"b"', "a" * 40_000, "é" * 40_000, "<script>alert(1)</script>", "'; DROP TABLE load--"),
    *(
        "../../etc/passwd",
        "%s%n{0}",
        "Total",
        "TOTAL GÉNÉRAL",
        "Sous-total",
        "Semaine",
        "CIP13",
        "\ud7ff",
        "\U0010ffff",
    ),
)
RAWS = (Raw("&"), Raw("<"), Raw("]]>"), Raw("&boom;"), Raw("&#0;"), Raw("\0"), Raw("<![CDATA[12]]>"), Raw("&#49;2"))
LISTS = (NUMBERS, DATES, CODES, BLANKS, ERRORS, FORMULAS, TEXTS)


def value(draw: Draw, book: Book, cell: object) -> object:
    """What takes the place of ``cell``."""
    kind = draw(st.integers(0, len(LISTS) + 5))
    if kind < len(LISTS):
        return draw(st.sampled_from(LISTS[kind]))
    if kind == len(LISTS):
        return draw(st.text(max_size=12))
    if kind == len(LISTS) + 1:
        return draw(st.one_of(st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes()))
    if kind == len(LISTS) + 2:
        return _retyped(draw, cell)
    if kind == len(LISTS) + 3:
        return _edited(draw, str(cell))
    if kind == len(LISTS) + 4 and book.kind != "tsv":
        return MISSING if book.kind == "json" else draw(st.sampled_from(RAWS))
    return _other(draw, book)


def _retyped(draw: Draw, cell: Any) -> object:
    """The same value under another type or unit: 12 is "12", 12.0, -12, 12 000."""
    ways: list[Callable[[Any], object]] = [str, lambda c: f" {c} ", lambda c: f"{c}.0", lambda c: f"'{c}", repr]
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        ways += [float, lambda c: -c, lambda c: c * 1000, lambda c: c / 1000, lambda c: f"{c:,}".replace(",", NBSP)]
    elif isinstance(cell, str) and cell.isascii() and cell.isdigit():
        ways += [int, float, lambda c: c.lstrip("0"), lambda c: c[5:12], lambda c: f"{float(c):e}"]
    elif isinstance(cell, date):
        ways += [lambda c: f"{c:%d/%m/%Y}", lambda c: f"{c:%m/%d/%Y}", lambda c: f"{c:%d/%m/%y}"]
    try:
        return draw(st.sampled_from(ways))(cell)
    except OverflowError:  # an integer of 400 digits has no float
        return str(cell)


def _edited(draw: Draw, text: str) -> str:
    """One character more, less or other, as a finger does."""
    at = draw(st.integers(0, len(text)))
    character = draw(st.sampled_from(["", "0", "1", " ", ",", ".", "-", "x", NBSP]))
    return text[:at] + character + text[at + draw(st.integers(0, 1)) :]


def _other(draw: Draw, book: Book) -> object:
    """A cell of another place of the same file."""
    sheet = draw(st.sampled_from(book.sheets))
    cells = [cell for row in sheet.rows for cell in row.cells]
    return draw(st.sampled_from(cells)) if cells else None


def one_cell(draw: Draw, book: Book) -> Book:
    """One cell, of a line of titles too."""
    index, sheet, line = place(draw, book)
    if line is None:
        return book
    row = sheet.rows[line]
    if not row.cells:
        return book
    column = draw(st.integers(0, len(row.cells) - 1))
    new = value(draw, book, row.cells[column])
    return _put(book, index, sheet, line, Row((*row.cells[:column], new, *row.cells[column + 1 :]), touched=True))


def a_column_of_cells(draw: Draw, book: Book) -> Book:
    """The same value down a column, as a wrong copy does."""
    index, sheet, line = place(draw, book)
    if line is None or not sheet.rows[line].cells:
        return book
    column = draw(st.integers(0, len(sheet.rows[line].cells) - 1))
    new = value(draw, book, sheet.rows[line].cells[column])
    rows = tuple(
        Row((*row.cells[:column], new, *row.cells[column + 1 :]), touched=True)
        if number != sheet.head and column < len(row.cells)
        else row
        for number, row in enumerate(sheet.rows)
    )
    return book.with_sheet(index, replace(sheet, rows=rows))


def cells_beside(draw: Draw, book: Book) -> Book:
    """Something written to the right of a line, near or far."""
    index, sheet, line = place(draw, book)
    if line is None:
        return book
    row, new = sheet.rows[line], value(draw, book, None)
    far = draw(st.sampled_from([0, 1, 2, 5, 300]))
    return _put(book, index, sheet, line, Row((*row.cells, *[None] * far, new), touched=True))


def place(draw: Draw, book: Book) -> tuple[int, Sheet, int | None]:
    """A sheet and one of its lines, most often under the titles; None when it has no line."""
    index = draw(st.integers(0, max(0, len(book.sheets) - 1)))
    if not book.sheets or not book.sheets[index].rows:
        return index, Sheet("", ()), None
    sheet = book.sheets[index]
    first = 0 if draw(st.integers(0, 9)) == 9 else min(sheet.head + 1, len(sheet.rows) - 1)
    return index, sheet, draw(st.integers(first, len(sheet.rows) - 1))


def _put(book: Book, index: int, sheet: Sheet, line: int, row: Row) -> Book:
    changed = book.with_sheet(index, replace(sheet, rows=(*sheet.rows[:line], row, *sheet.rows[line + 1 :])))
    # A line of titles that changed may change the meaning of every row: the reader may only refuse, or be right.
    return replace(changed, sure=False) if line == sheet.head else changed


CELLS = (one_cell, one_cell, one_cell, a_column_of_cells, cells_beside)
