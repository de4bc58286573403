"""From a valid file to a broken one, by one to four mutations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.documents import Book, packed, written
from tests.fuzz.mutations.cells import CELLS, Draw
from tests.fuzz.mutations.columns import COLUMNS, SHEETS
from tests.fuzz.mutations.lines import LINES
from tests.fuzz.mutations.octets import BYTES, CONTAINERS, NAMES, parts_of
from tests.fuzz.mutations.trees import TREES
from tests.fuzz.seeds import Seed

MOST = 4  # mutations of one file


@dataclass(frozen=True)
class Case:
    """A file to receive. ``sure``: at most ``touched`` rows may differ from the valid file's; ``strict``: nor lose a value.

    ``untouched``: lines that hold something and were not touched.
    """

    source: str
    name: str
    content: bytes
    trail: tuple[str, ...] = ()
    sure: bool = False
    strict: bool = False
    touched: int = 0
    untouched: int = 0

    def __repr__(self) -> str:
        return f"Case({self.source}, {self.name!r}, {len(self.content)} octets, {' + '.join(self.trail)})"


@st.composite
def broken(draw: Draw, seed: Seed) -> Case:
    """The seed after mutations: of its cells, lines, columns and sheets first, then of its bytes, of its name last."""
    count = draw(st.integers(1, MOST))
    levels = Counter(draw(st.sampled_from(_levels(seed))) for _ in range(count))
    trail: list[str] = []
    content, book = seed.content, seed.book
    if book:
        book = _tabular(draw, book, levels, trail)
        content = written(book)
    elif levels["tree"]:
        tree = _applied(draw, seed.tree, TREES, levels["tree"], trail)
        content = json.dumps(tree, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
    for _ in range(levels["container"]):
        content = _repacked(draw, content, trail)
    content = _applied(draw, content, BYTES, levels["bytes"], trail)
    name = draw(st.sampled_from(NAMES)) if levels["name"] else seed.name
    whole = book is not None and not (levels["bytes"] or levels["container"] or levels["name"])
    case = Case(seed.source, name, content, (*trail, *(["name"] if levels["name"] else [])))
    if not whole or book is None:
        return case
    return replace(case, sure=book.sure, strict=book.strict, touched=book.touched, untouched=book.untouched)


def _levels(seed: Seed) -> Sequence[str]:
    """Levels that make sense for a file; what people get wrong most comes most often."""
    if seed.book is None:
        return ("tree",) * 8 + ("bytes", "bytes", "name")
    common = ("cell",) * 6 + ("line",) * 4 + ("column",) * 3 + ("bytes", "bytes", "name")
    return (*common, "sheet", "sheet", "container", "container") if seed.book.kind == "xlsx" else common


def _tabular(draw: Draw, book: Book, levels: Counter[str], trail: list[str]) -> Book:
    for level, changes in (("sheet", SHEETS), ("column", COLUMNS), ("line", LINES), ("cell", CELLS)):
        book = _applied(draw, book, changes, levels[level], trail)
    return book


def _applied(draw: Draw, what: Any, changes: Sequence[Any], times: int, trail: list[str]) -> Any:
    for _ in range(times):
        change = draw(st.sampled_from(changes))
        what = change(draw, what)
        trail.append(change.__name__)
    return what


def _repacked(draw: Draw, content: bytes, trail: list[str]) -> bytes:
    parts = parts_of(content)
    return packed(_applied(draw, parts, CONTAINERS, 1, trail)) if parts else content
