"""Published tables in blocks: a code and a name, then one column per measure and period (« Nombre de boites remboursées 2026-01 »)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from connectors.base import Field, RefusedFile, RowIssue, Sheet, Table
from connectors.language.folding import fold
from connectors.language.typography import thousands
from connectors.reading.header import listed, quoted, title_of
from connectors.reading.lines import Lines, as_text, is_blank, kept, plain
from connectors.reading.values import BadValue, parse
from connectors.reading.workbook import WorkbookSheet

HEADER_WITHIN = 60  # lines: a few titles stand above

Period = Any


@dataclass(frozen=True)
class Layout:
    """How a source writes its blocks.

    ``code``: titles of the column of codes. ``labels``: titles of the name. ``measures``: field → beginnings of its titles.
    ``period``: the period that a title ends with, None when there is none. ``totals``: how the code or the name of a line
    begins, folded, when it is no item. ``code_of``: the code of a cell, given the name of its line; raises ``BadValue``.
    """

    code: tuple[str, ...]
    labels: tuple[str, ...]
    measures: Mapping[str, tuple[str, ...]]
    period: Callable[[str], Period | None]
    period_words: str
    totals: tuple[str, ...]
    code_of: Callable[[object, str], str | None]
    code_field: str
    period_field: str


@dataclass(frozen=True)
class Header:
    """The header line of a sheet: places of the code, of the name, and of each measure by period."""

    line: int
    titles: tuple[str, ...]
    code: int
    label: int | None
    columns: Mapping[Period, Mapping[str, int]]


@dataclass
class Columns:
    """Rows by field, as they are added."""

    fields: tuple[str, ...]
    by_field: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_field = {name: [] for name in (*self.fields, "line")}

    def add(self, row: Mapping[str, Any]) -> None:
        for name, column in self.by_field.items():
            column.append(row.get(name))


@dataclass(frozen=True)
class _Top:
    """The line that names the column of codes, with its neighbours: periods may be on a line of their own."""

    line: int
    code: int
    above: tuple[str, ...]
    titles: tuple[str, ...]
    below: tuple[str, ...]


def _find_header(lines: Lines, layout: Layout) -> _Top | None:
    """None for a sheet without one."""
    wanted = {fold(title) for title in layout.code}
    above: tuple[str, ...] = ()
    found: _Top | None = None
    for number, cells in islice(lines, HEADER_WITHIN):
        titles = tuple(title_of(_year(cell)) for cell in cells)
        if found:
            return replace(found, below=titles)
        place = next((place for place, title in enumerate(titles) if fold(title) in wanted), None)
        if place is not None:
            found = _Top(number, place, above, titles, ())
        above = titles
    return found


def _year(cell: object) -> object:
    """A year typed as a number is read « 2024.0 »."""
    return plain(cell) if isinstance(cell, float) else cell


def header_of(lines: Lines, layout: Layout, sheet: str) -> Header | None:
    """The header of a sheet, None when it has none. Raises ``RefusedFile`` for a header without a readable block."""
    top = _find_header(lines, layout)
    if top is None:
        return None
    line, titles = _one_line(top, layout)
    columns = _columns(line, titles, layout, sheet)
    main = next(iter(layout.measures))
    without = [period for period, places in columns.items() if main not in places]
    if not columns or without:
        wanted = f"« {layout.measures[main][0]} {layout.period_words} »"
        raise RefusedFile(
            f"Feuille {quoted(sheet)}, ligne {line} : aucune colonne {wanted} {'pour toutes les périodes ' if columns else ''}"
            f"(trouvé : {listed([title for title in titles if title])}). Le producteur a sans doute changé ses colonnes : à signaler."
        )
    labels = [place for place, title in enumerate(titles) if fold(title) in {fold(name) for name in layout.labels}]
    return Header(line, titles, top.code, labels[0] if labels else None, columns)


def _columns(line: int, titles: Sequence[str], layout: Layout, sheet: str) -> dict[Period, dict[str, int]]:
    """Places of the measures by period."""
    columns: dict[Period, dict[str, int]] = {}
    for place, title in enumerate(titles):
        name, period = _measure(title, layout), layout.period(title)
        if not name or period is None:
            continue
        if name in columns.setdefault(period, {}):
            raise RefusedFile(
                f"Feuille {quoted(sheet)}, ligne {line} : deux colonnes {quoted(title)} pour la même période. Une seule est attendue."
            )
        columns[period][name] = place
    return columns


def _one_line(top: _Top, layout: Layout) -> tuple[int, tuple[str, ...]]:
    """Last line of the header and its titles, a merged line (« 2024 » over three columns) written over each column.

    The merged line is above that of the codes, or is that line and the rest of the titles is below it.
    """
    if not any(_is_column(title, layout) for title in top.titles):
        for line, upper, lower in ((top.line, top.above, top.titles), (top.line + 1, top.titles, top.below)):
            joined = _joined(upper, lower, layout)
            if any(_is_column(title, layout) for title in joined):
                return line, joined
    return top.line, top.titles


def _is_column(title: str, layout: Layout) -> bool:
    return bool(_measure(title, layout)) and layout.period(title) is not None


def _joined(upper: Sequence[str], lower: Sequence[str], layout: Layout) -> tuple[str, ...]:
    """Each column under its merged cell, whose text is in its first cell: measure then period, whichever is above."""
    titles, merged = [], ""
    for place in range(max(len(upper), len(lower))):
        over = upper[place] if place < len(upper) else ""
        under = lower[place] if place < len(lower) else ""
        merged = over or merged
        if _is_period(merged, layout) and _measure(under, layout):
            titles.append(f"{under} {merged}")
        elif _measure(merged, layout) and _is_period(under, layout):
            titles.append(f"{merged} {under}")
        else:
            titles.append(under or over)
    return tuple(titles)


def _is_period(title: str, layout: Layout) -> bool:
    """A period and nothing else: « 2024 », « Année 2024 »; a sentence that ends with a year is none."""
    return layout.period(title) is not None and fold(title).removeprefix("annee").isdigit()


def _measure(title: str, layout: Layout) -> str:
    words = fold(title)
    return next((name for name, starts in layout.measures.items() if words.startswith(tuple(map(fold, starts)))), "")


ABSENT = "colonne absente"


def read_blocks(lines: Lines, header: Header, layout: Layout, table: Table, sheet: Sheet, **constants: Any) -> None:
    """Fill ``sheet`` with one row per code and period that has a figure; a line is loaded, quarantined or ignored by rule."""
    rows, sheet.titles, sheet.lines_loaded = Columns(tuple(f.name for f in table.fields)), header.titles, 0
    sheet.notes += [
        RowIssue(sheet.name, header.line, "", "", f"{ABSENT} ({names}) : {effect}")
        for names, effect in _absent(header, layout)
    ]
    for number, cells in _below(lines, header.line):
        if all(map(is_blank, cells)):
            continue
        sheet.rows_in += 1
        try:
            found = list(_rows(cells, header, layout, table))
        except BadValue as error:
            place = int(error.field)
            value = as_text(_cell(cells, place))
            sheet.quarantined.append(
                RowIssue(sheet.name, number, header.titles[place], value, error.reason, kept(cells))
            )
            continue
        if not found:
            sheet.rows_ignored += 1
            continue
        sheet.lines_loaded += 1
        for row in found:
            rows.add({**row, **constants, "line": number})
    sheet.columns = rows.by_field


def _absent(header: Header, layout: Layout) -> Iterator[tuple[str, str]]:
    """Columns of the format that a header does not have, and what is not read without them."""
    if header.label is None:
        yield listed(list(layout.labels)), "lignes lues sans leur nom"
    for name, titles in layout.measures.items():
        without = sum(name not in places for places in header.columns.values())
        if without:
            yield listed([titles[0]]), f"valeurs inconnues pour {without} des {len(header.columns)} périodes du fichier"


def _below(lines: Lines, header: int) -> Iterator[tuple[int, Sequence[object]]]:
    return ((number, cells) for number, cells in lines if number > header)


def _rows(cells: Sequence[object], header: Header, layout: Layout, table: Table) -> Iterator[dict[str, Any]]:
    """Rows of a line; none for totals, nor for a line without any figure."""
    written, label = _cell(cells, header.code), title_of(_cell(cells, header.label)) or None
    figures = [place for places in header.columns.values() for place in places.values()]
    is_total = any(fold(title_of(text)).startswith(layout.totals) for text in (written, label) if text)
    if is_total or all(is_blank(_cell(cells, place)) for place in figures):
        return
    try:
        code = layout.code_of(written, label or "")
    except BadValue as error:
        raise BadValue(error.reason, str(header.code)) from None
    for period, places in header.columns.items():
        values = {name: _number(table.field(name), cells, place) for name, place in places.items()}
        if any(value is not None for value in values.values()):
            yield {layout.code_field: code, "label": label, layout.period_field: period, **values}


def _number(item: Field, cells: Sequence[object], place: int) -> float | None:
    try:
        value: float | None = parse(item, _cell(cells, place))
    except BadValue as error:
        raise BadValue(error.reason, f"{place}") from None
    return value


def unread(part: WorkbookSheet, what: str) -> Sheet:
    """The account of a sheet that holds none of ``what``: its lines are ignored, with a remark."""
    lines = [number for number, cells in part.lines if not all(map(is_blank, cells))]
    count = f"{thousands(len(lines))} lignes remplies" if len(lines) > 1 else "1 ligne remplie"
    notes = [RowIssue(part.name, lines[0], "", "", f"feuille sans {what}, non lue ({count})")] if lines else []
    return Sheet(part.name, "", rows_in=len(lines), rows_ignored=len(lines), notes=notes)


def _cell(cells: Sequence[object], place: int | None) -> object:
    return cells[place] if place is not None and place < len(cells) else None
