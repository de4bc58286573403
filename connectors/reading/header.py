"""Find the header line and match it with the header table, or refuse the file with what was expected and found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from connectors.base import Field, RefusedFile, Table
from connectors.language.folding import fold
from connectors.reading.correction import REASON_TITLE, REFERENCE_TITLE
from connectors.reading.lines import Line, Lines, is_blank
from connectors.reading.values import Convention, Parser, noting_parser

HEADER_WITHIN = 20  # lines searched for the header: partners put titles and dates above it
UNIT_ABOVE = re.compile(r"\b(milliers?|millions?|centaines?)\b|[x×]\s*1\s?000\b", re.IGNORECASE)
MOST_TITLES, MOST_UNKNOWN, LONGEST_TITLE = 30, 6, 60  # of a refusal's sentence

Titles = list[tuple[int, str]]  # position, text


@dataclass(frozen=True)
class Column:
    """A field located in the lines: its position, its header as found, how its cells are parsed (a ``Noted`` at times)."""

    field: Field
    index: int
    title: str
    parse: Parser
    factor: float = 1.0
    layout: int = 1


@dataclass(frozen=True)
class Header:
    """A header line as found: its number in the file, its titles by position, the columns of the table.

    ``reference`` and ``reason``: positions of the two columns of a corrected workbook.
    """

    line: int
    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    reference: int | None = None
    reason: int | None = None

    @property
    def layout(self) -> int:
        """Version of the layout: that of its most recent column."""
        return max(column.layout for column in self.columns)

    @property
    def titled(self) -> frozenset[int]:
        """Positions that have a title."""
        return frozenset(i for i in (*(c.index for c in self.columns), self.reference, self.reason) if i is not None)


def find_header(lines: Lines, table: Table, sheet: str) -> Header:
    """The header line among the first ones; raises ``RefusedFile``."""
    top = list(islice(lines, HEADER_WITHIN))
    if not top:
        raise _refused(sheet, "aucune ligne de titres", [])
    position = _position(top, table)
    number, cells = top[position]
    header = _header(number, cells, table, sheet)
    _no_unit_above(top[:position], header, sheet)
    return header


def quoted(text: str) -> str:
    """``text`` between French quotation marks, shortened: the content of a file never makes a sentence a page long."""
    return f"« {text[:LONGEST_TITLE]}{'…' * (len(text) > LONGEST_TITLE)} »"


def title_of(cell: object) -> str:
    """A header on one line, stripped."""
    return "" if is_blank(cell) else " ".join(str(cell).split())


@lru_cache(maxsize=256)
def spellings(table: Table) -> dict[str, tuple[Field, float, int]]:
    """Accepted spellings, folded: their field, the factor to its unit, the layout that introduced them."""
    return {
        fold(title): (f, factor, f.layout(rank)) for f in table.fields for rank, (title, factor) in enumerate(f.headers)
    }


def _position(top: list[Line], table: Table) -> int:
    """Index of the line with the most known headers; the first filled line when there is none."""
    accepted = spellings(table)
    scores = [sum(isinstance(c, str) and fold(c) in accepted for c in cells) for _, cells in top]
    if any(scores):
        return scores.index(max(scores))
    return next((i for i, (_, cells) in enumerate(top) if not all(map(is_blank, cells))), 0)


def _header(number: int, cells: Sequence[object], table: Table, sheet: str) -> Header:
    accepted = spellings(table)
    titles = [(i, title_of(cell)) for i, cell in enumerate(cells) if not is_blank(cell)]
    added = {i: fold(title) for i, title in titles if fold(title) in (fold(REASON_TITLE), fold(REFERENCE_TITLE))}
    columns = [_column(i, title, accepted) for i, title in titles if fold(title) in accepted]
    _as_expected(
        table, columns, sheet, titles, [t for _, t in titles if fold(t) not in accepted.keys() | added.values()]
    )
    _once(columns, added, sheet, titles)
    places = {name: i for i, name in added.items()}
    return Header(
        number,
        tuple(map(title_of, cells)),
        tuple(columns),
        places.get(fold(REFERENCE_TITLE)),
        places.get(fold(REASON_TITLE)),
    )


def _column(index: int, title: str, accepted: dict[str, tuple[Field, float, int]]) -> Column:
    field, factor, layout = accepted[fold(title)]
    return Column(field, index, title, noting_parser(field, Convention(factor)), factor, layout)


def _as_expected(table: Table, columns: list[Column], sheet: str, titles: Titles, unknown: list[str]) -> None:
    """Missing and unknown headers are reported together: a renamed header is both."""
    present = {c.field.name for c in columns}
    missing = [f.headers[0][0] for f in table.fields if f.required and f.name not in present]
    mistakes = [f"colonne obligatoire absente : {listed(missing)}"] if missing else []
    if unknown and columns:
        mistakes.append(f"colonne inconnue : {listed(unknown, MOST_UNKNOWN)}")
    if mistakes:
        raise _refused(sheet, " ; ".join(mistakes), titles)


def _once(columns: list[Column], added: dict[int, str], sheet: str, titles: Titles) -> None:
    names = [c.field.name for c in columns]
    repeated = [c.title for c in columns if names.count(c.field.name) > 1]
    repeated += [title for i, title in titles if i in added and list(added.values()).count(added[i]) > 1]
    if repeated:
        raise _refused(sheet, f"colonne en double : {listed(repeated)}", titles)


def _no_unit_above(above: list[Line], header: Header, sheet: str) -> None:
    """Refuses « en milliers de boîtes » above the table: units are read in headers only."""
    if any(column.factor != 1 for column in header.columns):
        return
    for number, cells in above:
        unit = next((title_of(cell) for cell in cells if isinstance(cell, str) and UNIT_ABOVE.search(cell)), None)
        if unit:
            raise RefusedFile(
                f"{quoted(sheet)} : unité annoncée hors des titres, ligne {number} ({quoted(unit)})."
                " Écrivez-la dans le titre de chaque colonne concernée."
            )


def _refused(sheet: str, what: str, titles: Titles) -> RefusedFile:
    return RefusedFile(f"{quoted(sheet)} : {what}. Titres trouvés : {listed([t for _, t in titles]) or 'aucun'}.")


def listed(titles: list[str], most: int = MOST_TITLES) -> str:
    """Headers between quotation marks; beyond ``most``, their number."""
    shown = ", ".join(quoted(title) for title in titles[:most])
    more = len(titles) - most
    return f"{shown} et {f'{more:,}'.replace(',', ' ')} autres" if more > 0 else shown
