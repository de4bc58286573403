"""Lines repeated, contradicted, lost, out of order; totals, blanks, titles that come back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tests.fuzz.documents import Book, Row, Sheet
from tests.fuzz.mutations.cells import Draw, place

TOTALS = ("Total", "TOTAL", "Sous-total", "total général", "Totaux", "Somme", "Totalement autre chose")


def duplicate(draw: Draw, book: Book) -> Book:
    """The same line again, beside, at the end, or many times."""
    index, sheet, line = place(draw, book)
    if line is None:
        return book
    times = draw(st.sampled_from([1, 1, 1, 2, 50]))
    copies = tuple(replace(sheet.rows[line], touched=True) for _ in range(times))
    at = draw(st.sampled_from([line + 1, len(sheet.rows)]))
    return _inserted(book, index, sheet, at, copies)


def contradict(draw: Draw, book: Book) -> Book:
    """The same line again with another number: which one is right, nobody knows."""
    index, sheet, line = place(draw, book)
    if line is None:
        return book
    cells = list(sheet.rows[line].cells)
    numbers = [i for i, cell in enumerate(cells) if isinstance(cell, int | float) or str(cell).isdigit()]
    if not numbers:
        return book
    column = draw(st.sampled_from(numbers))
    cells[column] = draw(st.sampled_from([0, 1, 7, 123456, "1 234,5"]))
    other = Row(tuple(cells), touched=True)
    # The reader may quarantine both, never choose one silently: the first line is then touched as well.
    rows = (*sheet.rows[:line], replace(sheet.rows[line], touched=True), *sheet.rows[line + 1 :], other)
    return book.with_sheet(index, replace(sheet, rows=rows))


def delete(draw: Draw, book: Book) -> Book:
    """A run of lines is gone."""
    index, sheet, line = place(draw, book)
    if line is None:
        return book
    end = min(len(sheet.rows), line + draw(st.sampled_from([1, 1, 2, 5, 1000])))
    lost_titles = line <= sheet.head < end
    kept = (*sheet.rows[:line], *sheet.rows[end:])
    changed = book.with_sheet(index, replace(sheet, rows=kept))
    return replace(changed, sure=book.sure and not lost_titles)


def shuffle(draw: Draw, book: Book) -> Book:
    """The same lines in another order, titles first."""
    index, sheet, line = place(draw, book)
    if line is None:
        return book
    top, body = sheet.rows[: sheet.head + 1], sheet.rows[sheet.head + 1 :]
    return book.with_sheet(index, replace(sheet, rows=(*top, *draw(st.permutations(body)))))


def total(draw: Draw, book: Book) -> Book:
    """A line of totals, true or not, anywhere."""
    index, sheet, line = place(draw, book)
    if line is None:
        return book
    width = len(sheet.rows[line].cells)
    at = draw(st.integers(0, max(0, width - 1)))
    label = draw(st.sampled_from(TOTALS))
    cells = tuple(label if i == at else (None if i < at else 99999) for i in range(width))
    where = draw(st.sampled_from([line, len(sheet.rows)]))
    return _inserted(book, index, sheet, where, (Row(cells, touched=True),))


def blank(draw: Draw, book: Book) -> Book:
    """Blank lines: none, a few, more than a header search; cells of spaces too."""
    index, sheet, line = place(draw, book)
    if line is None:
        return book
    filler = draw(st.sampled_from([(), (None,), ("",), ("  ", None, "\u00a0")]))
    count = draw(st.sampled_from([1, 2, 7, 25, 300]))
    at = draw(st.sampled_from([0, sheet.head + 1, line, len(sheet.rows)]))
    return _inserted(book, index, sheet, at, tuple(Row(filler) for _ in range(count)))


def title_above(draw: Draw, book: Book) -> Book:
    """A title or a date above the table, as partners write."""
    index, sheet, line = place(draw, book)
    if line is None or book.kind == "json":
        return book
    words = draw(st.sampled_from(["Relevé de la semaine 46", "CIP13", "Semaine", "Stock (milliers de boîtes)"]))
    return replace(_inserted(book, index, sheet, 0, (Row((words,), touched=True),)), sure=False)


def second_header(draw: Draw, book: Book) -> Book:
    """The titles come back in the middle, as when two files are pasted into one."""
    index, sheet, line = place(draw, book)
    if line is None or sheet.head < 0:
        return book
    titles = replace(sheet.rows[sheet.head], touched=True)
    if draw(st.booleans()):
        titles = replace(titles, cells=tuple(draw(st.permutations(titles.cells))))
    extra = draw(st.sampled_from([(), (Row(()),), (Row(()), Row(("Autre tableau",), touched=True))]))
    return replace(_inserted(book, index, sheet, line, (*extra, titles)), sure=line > sheet.head and book.sure)


def _inserted(book: Book, index: int, sheet: Sheet, at: int, rows: tuple[Row, ...]) -> Book:
    """``rows`` put before the line ``at``; the line of titles keeps its place in the model."""
    head = sheet.head + len(rows) if sheet.head >= 0 and at <= sheet.head else sheet.head
    return book.with_sheet(index, replace(sheet, rows=(*sheet.rows[:at], *rows, *sheet.rows[at:]), head=head))


LINES = (duplicate, contradict, delete, shuffle, total, blank, title_above, second_header)
