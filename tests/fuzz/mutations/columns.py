"""Columns renamed, moved, lost, repeated, merged, in another unit; sheets too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from connectors.base import tables
from tests.fuzz.documents import Book, Row, Sheet, Shown, letters
from tests.fuzz.mutations.cells import Draw

Change = Callable[[tuple[object, ...], int], tuple[object, ...]]
SOURCES = ("tracstocks", "pointstock", "trustmed", "iqvia", "openhealth", "references", "historique", "spf")
NAMES = ("Stocks", "Feuil1", "Notice", "STOCKS ", "Déclarations", "Mois exclus", "x", "Sheet'1", "a/b", "é" * 31)
TITLES = ("Colonne", "Stock", "CIP", "", "Total", "=1+1", "Stock (millions de boîtes)", "x" * 500)
AS_BEFORE: tuple[Callable[[str], str], ...] = (
    str.upper,
    str.lower,
    lambda t: f"  {t} ",
    lambda t: t.replace(" ", "\n"),
)


def rename(draw: Draw, book: Book) -> Book:
    """A title nobody knows: the file is refused, or its values are the same."""
    return _titled(draw, book, lambda _: draw(st.sampled_from(TITLES)), sure=True)


def rename_like(draw: Draw, book: Book) -> Book:
    """The same title in capitals, with spaces, on two lines: the values are the same."""
    way = draw(st.sampled_from(AS_BEFORE))
    return _titled(draw, book, lambda title: way(str(title)), sure=book.kind != "json")


def rename_known(draw: Draw, book: Book) -> Book:
    """A title of the source that is not the right one: another column's, another unit's."""
    candidates = _spellings(book)
    if not candidates:
        return book
    return _titled(draw, book, lambda _: draw(st.sampled_from(candidates)), sure=False)


def _spellings(book: Book) -> list[str]:
    """Every title of the header tables that have a sheet of this name."""
    names = {sheet.name for sheet in book.sheets}
    candidates = [table for source in SOURCES for table in tables(source).values() if table.sheet in names]
    return [title for table in candidates for field in table.fields for title, _ in field.headers]


def _titled(draw: Draw, book: Book, change: Callable[[object], object], *, sure: bool) -> Book:
    index, sheet = _with_titles(draw, book)
    if sheet is None:
        return book
    cells = sheet.rows[sheet.head].cells
    column = draw(st.integers(0, len(cells) - 1))
    row = Row((*cells[:column], change(cells[column]), *cells[column + 1 :]))
    rows = (*sheet.rows[: sheet.head], row, *sheet.rows[sheet.head + 1 :])
    return replace(book.with_sheet(index, replace(sheet, rows=rows)), sure=book.sure and sure)


def move(draw: Draw, book: Book) -> Book:
    """Columns in another order: the titles tell, so the values are the same (a file without titles is refused)."""
    index, sheet = _with_titles(draw, book)
    if sheet is None:
        return _moved_without_titles(draw, book)
    order = draw(st.permutations(range(len(sheet.rows[sheet.head].cells))))
    return _columns(book, index, sheet, lambda cells, width: tuple(_at(cells, i) for i in order) + cells[width:])


def _moved_without_titles(draw: Draw, book: Book) -> Book:
    if not book.sheets or not book.sheets[0].rows:
        return book
    width = len(book.sheets[0].rows[0].cells)
    order = draw(st.permutations(range(width)))
    moved = _columns(book, 0, book.sheets[0], lambda cells, _: tuple(_at(cells, i) for i in order))
    return replace(moved, sure=False)


def drop(draw: Draw, book: Book) -> Book:
    """A column is gone: refused when it is needed, else empty; the other values are the same."""
    index, sheet, column = _column(draw, book)
    if sheet is None:
        return book
    dropped = _columns(book, index, sheet, lambda cells, _: cells[:column] + cells[column + 1 :])
    return replace(dropped, strict=False, sure=book.sure and sheet.head >= 0)


def double(draw: Draw, book: Book) -> Book:
    """A column comes twice."""
    index, sheet, column = _column(draw, book)
    if sheet is None:
        return book
    at = draw(st.sampled_from([column, 0, column + 1]))
    return replace(
        _columns(book, index, sheet, lambda cells, _: (*cells[:at], _at(cells, column), *cells[at:])),
        sure=book.sure and book.kind != "json" and sheet.head >= 0,
    )


def merge_titles(draw: Draw, book: Book) -> Book:
    """Two titles merged into one: the second column has none."""
    index, sheet, column = _column(draw, book)
    if sheet is None or sheet.head < 0 or book.kind != "xlsx":
        return book
    cells = sheet.rows[sheet.head].cells
    titles = Row((*cells[: column + 1], None, *cells[column + 2 :]))
    line = sheet.head + 1
    area = f"{letters(column)}{line}:{letters(column + 1)}{line}"
    rows = (*sheet.rows[: sheet.head], titles, *sheet.rows[sheet.head + 1 :])
    changed = book.with_sheet(index, replace(sheet, rows=rows, merges=(*sheet.merges, area)))
    return replace(changed, strict=False)


def merge_cells(draw: Draw, book: Book) -> Book:
    """A value written once for several lines, as in a table made to be looked at."""
    index, sheet, column = _column(draw, book)
    if sheet is None or book.kind != "xlsx":
        return book
    first = draw(st.integers(sheet.head + 1, len(sheet.rows) - 1))
    last = min(len(sheet.rows) - 1, first + draw(st.integers(1, 4)))
    rows = tuple(
        Row((*row.cells[:column], None, *row.cells[column + 1 :]), touched=True) if first < i <= last else row
        for i, row in enumerate(sheet.rows)
    )
    area = f"{letters(column)}{first + 1}:{letters(column)}{last + 1}"
    return book.with_sheet(index, replace(sheet, rows=rows, merges=(*sheet.merges, area)))


def other_unit(draw: Draw, book: Book) -> Book:
    """The numbers of a column in thousands, in units, or negative: the title does not say so."""
    index, sheet, column = _column(draw, book)
    if sheet is None:
        return book
    factor = draw(st.sampled_from([1000, 0.001, 100, -1, 0]))
    rows = tuple(
        replace(row, cells=(*row.cells[:column], row.cells[column] * factor, *row.cells[column + 1 :]), touched=True)
        if column < len(row.cells) and isinstance(cell := row.cells[column], int | float) and abs(cell) < 1e100
        else row
        for row in sheet.rows
    )
    return book.with_sheet(index, replace(sheet, rows=rows))


def as_percentages(draw: Draw, book: Book) -> Book:
    """The numbers of a column typed in cells of percentages: read as shown, or quarantined; never a hundredth."""
    index, sheet, column = _column(draw, book)
    if sheet is None or book.kind != "xlsx":
        return book
    shown = tuple(
        replace(row, cells=(*row.cells[:column], Shown(cell / 100), *row.cells[column + 1 :]))
        if column < len(row.cells)
        and isinstance(cell := row.cells[column], int | float)
        and not isinstance(cell, bool)
        and abs(cell) < 1e9
        else row
        for row in sheet.rows
    )
    return book.with_sheet(index, replace(sheet, rows=shown))


def hide_lines(draw: Draw, book: Book) -> Book:
    """Lines hidden by a filter: nobody saw them when the file was sent."""
    index, sheet = _any_sheet(draw, book)
    first = draw(st.integers(0, max(0, len(sheet.rows) - 1)))
    last = first + draw(st.sampled_from([0, 0, 2, 1000]))
    rows = tuple(replace(row, hidden=row.hidden or first <= n <= last) for n, row in enumerate(sheet.rows))
    return book.with_sheet(index, replace(sheet, rows=rows)) if book.sheets else book


def hide_column(draw: Draw, book: Book) -> Book:
    """A column hidden, filled or not."""
    index, sheet, column = _column(draw, book)
    return book.with_sheet(index, replace(sheet, hidden_columns=(column,))) if sheet else book


def other_separator(draw: Draw, book: Book) -> Book:
    """A text saved with another separator: the same values, or a refusal."""
    return replace(book, delimiter=draw(st.sampled_from([";", ",", "\t", "|"]))) if book.kind == "csv" else book


def rename_sheet(draw: Draw, book: Book) -> Book:
    index, sheet = _any_sheet(draw, book)
    new = draw(st.sampled_from(NAMES)) if draw(st.booleans()) else sheet.name.swapcase()
    return book.with_sheet(index, replace(sheet, name=new)) if book.kind == "xlsx" and book.sheets else book


def extra_sheet(draw: Draw, book: Book) -> Book:
    """A sheet nobody asked for: a copy, an empty one, a note."""
    _, sheet = _any_sheet(draw, book)
    if book.kind != "xlsx":
        return book
    name = draw(st.sampled_from([*NAMES, sheet.name, f"{sheet.name} (2)"]))
    pivot = (Row(("Étiquettes de lignes", "Somme de Stock")), Row(("GROSSISTE A", 120)), Row(("Total général", 120)))
    rows = draw(st.sampled_from([sheet.rows, (), (Row(("note",)),), (Row((None, "")),), pivot]))
    added = Sheet(name, tuple(replace(row, touched=True) for row in rows), head=sheet.head, hidden=draw(st.booleans()))
    # Sheets change places: the values must not.
    return replace(book, sheets=tuple(draw(st.permutations((*book.sheets, added)))))


def lose_sheet(draw: Draw, book: Book) -> Book:
    index, _ = _any_sheet(draw, book)
    return replace(book, sheets=book.sheets[:index] + book.sheets[index + 1 :]) if book.kind == "xlsx" else book


def empty_sheet(draw: Draw, book: Book) -> Book:
    index, sheet = _any_sheet(draw, book)
    rows = draw(st.sampled_from([(), sheet.rows[: sheet.head + 1], (Row(("",)),)]))
    return (
        book.with_sheet(index, replace(sheet, rows=rows, head=min(sheet.head, len(rows) - 1)))
        if rows or book.sheets
        else book
    )


def hide_sheet(draw: Draw, book: Book) -> Book:
    index, sheet = _any_sheet(draw, book)
    return book.with_sheet(index, replace(sheet, hidden=True)) if book.sheets else book


def _any_sheet(draw: Draw, book: Book) -> tuple[int, Sheet]:
    if not book.sheets:
        return 0, Sheet("", ())
    index = draw(st.integers(0, len(book.sheets) - 1))
    return index, book.sheets[index]


def _with_titles(draw: Draw, book: Book) -> tuple[int, Sheet | None]:
    index, sheet = _any_sheet(draw, book)
    whole = 0 <= sheet.head < len(sheet.rows) and sheet.rows[sheet.head].cells
    return index, sheet if whole else None


def _column(draw: Draw, book: Book) -> tuple[int, Sheet | None, int]:
    index, sheet = _any_sheet(draw, book)
    width = len(sheet.rows[max(sheet.head, 0)].cells) if len(sheet.rows) > max(sheet.head + 1, 0) else 0
    return (index, sheet, draw(st.integers(0, width - 1))) if width else (index, None, 0)


def _columns(book: Book, index: int, sheet: Sheet, change: Change) -> Book:
    width = len(sheet.rows[max(sheet.head, 0)].cells)
    rows = tuple(replace(row, cells=change(row.cells, width)) if row.cells else row for row in sheet.rows)
    return book.with_sheet(index, replace(sheet, rows=rows))


def _at(cells: tuple[object, ...], index: int) -> object:
    return cells[index] if index < len(cells) else None


COLUMNS = (
    *(rename, rename_like, rename_known, move, drop, double, merge_titles, merge_cells, other_unit),
    *(as_percentages, hide_column, other_separator),
)
SHEETS = (rename_sheet, extra_sheet, lose_sheet, empty_sheet, hide_sheet, hide_lines)
