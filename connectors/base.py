"""The contract of every source: what it is, what it reads, how a row is accepted or quarantined."""

from __future__ import annotations

import csv
import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from connectors.language.visible import visible

HEADERS = Path(__file__).parent / "headers"
READING_VERSION = 3  # raised when what readers share reads a file otherwise, so that raw files are read again

Tier = Literal["O", "R", "L"]
Row = dict[str, Any]


class _Sentence(Exception):
    """What it quotes of a file or host can neither command a terminal nor hide text."""

    def __init__(self, sentence: str) -> None:
        super().__init__(visible(sentence))


class RefusedFile(_Sentence):
    """A file that is not what it claims: refused whole, with a sentence in French for the steward."""


class SourceUnavailable(_Sentence):
    """A source that could not be read over HTTP, with a sentence in French."""


@dataclass(frozen=True)
class Source:
    """Identity of a source, as shown on *Sources*. Texts are in French.

    ``rhythm_days``: days after which a missing delivery makes the figures late.
    ``tier``: O open data, R restricted to ANSM agents, L business secret of one laboratory.
    ``reserved_lines``: ``(table, column, value)`` of the lines of an open source that are not public.
    ``version``: raised when the reading of a file changes, so that raw files are read again.
    ``periods``: ``table.column`` whose latest value is the last period known (the Sunday of a week, the last day of a
    month). ``period_lag_days``: age of a period when its file is due; without it (``periods`` date events, which may be
    rare), the source is never late by its period, only by what is received. ``file_mb``: largest dropped file, when the setting would refuse what is published.
    ``dated_names``: the day before a name (``2026-01-02_``) is that of the content, which may be the same on several days.
    """

    key: str
    title: str
    producer: str
    licence: str
    tier: Tier
    rhythm_days: int
    form: str
    limits: tuple[str, ...]
    version: int = 1
    base_url: str = ""
    patterns: tuple[str, ...] = ("*",)
    periods: tuple[str, ...] = ()
    period_lag_days: int | None = None
    reserved_lines: tuple[str, str, str] | None = None
    file_mb: int = 0
    dated_names: bool = False


@dataclass(frozen=True, eq=False)
class Field:
    """One column of a table: a line of ``headers/<source>.csv``.

    Compared by identity (``tables`` builds each once), so that parsers can be cached by field.
    ``key``: one of the fields that identify a row; two rows of a sheet never share all of them.
    ``since``: version of the layout each spelling of ``headers`` came with, in their order; 1 by default.
    ``names``: kind of what the column names (``data/building/identity.py``), whose spellings are then one.
    ``refers``: referential that must know its values (``data/building/unmatched.py``); ``unless``: fields of the row one of
    which, filled, makes this one not looked up (``dci|cip13|cis``).
    ``waits``: a date typed for an unknown one is a doubt for the steward (``data/core/27_dates.sql``), not an empty cell.
    """

    name: str
    kind: str
    required: bool
    unit: str
    minimum: float | None
    maximum: float | None
    choices: dict[str, str]
    headers: tuple[tuple[str, float], ...]
    description: str
    example: str
    key: bool = False
    since: tuple[int, ...] = ()
    names: str = ""
    refers: str = ""
    unless: tuple[str, ...] = ()
    waits: bool = False

    def layout(self, spelling: int) -> int:
        """Version of the layout that introduced the spelling of this rank."""
        return self.since[spelling] if spelling < len(self.since) else 1


@dataclass(frozen=True)
class Table:
    """A table that a source fills: its name in the lake, the sheet it is read from, its columns in order."""

    name: str
    sheet: str
    fields: tuple[Field, ...]

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Names of the fields that identify a row; empty when rows may repeat (lists, free texts)."""
        return tuple(f.name for f in self.fields if f.key)

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)


@dataclass(frozen=True)
class RawFile:
    """A file as received: ``name`` is its own name, ``path`` its untouched copy in ``raw/``."""

    source: str
    name: str
    path: Path
    received_at: datetime
    sha256: str


@dataclass(frozen=True)
class RowIssue:
    """One quarantined row, with what a person needs to correct it, or a remark on a row that was kept.

    ``cells``: the whole line as text, for the corrected workbook. ``key``: its key as text, when readable.
    ``corrects``: reference of the quarantined row that this line, sent back by its reporter, claims to correct.
    """

    sheet: str
    line: int
    column: str
    value: str
    reason: str
    cells: tuple[str, ...] = ()
    key: str = ""
    corrects: str = ""


@dataclass
class Sheet:
    """The content of one sheet (or flat file). ``rows`` carry the table's fields plus ``line``.

    A corrected row also carries ``corrects``, the reference of the quarantined row it replaces.
    ``table`` is empty for a sheet that fills none: all its lines are ignored.
    ``notes`` are remarks (a value emptied or converted, a repeated row): they do not count in the balance.
    ``titles``: the header as found. ``layout``: version of its layout.
    ``most_alike``: the largest number of lines sharing a key. ``withdrawn``: references of quarantined rows that
    the reporter withdrew, by line; those lines are ignored by rule.
    ``columns``: the rows by field, in place of ``rows``, for files of millions of lines. ``lines_loaded``: lines of the file
    behind the rows, when a row is the sum of several lines, or a line gives several rows.
    """

    name: str
    table: str
    rows: list[Row] = field(default_factory=list)
    quarantined: list[RowIssue] = field(default_factory=list)
    rows_in: int = 0
    rows_ignored: int = 0
    notes: list[RowIssue] = field(default_factory=list)
    titles: tuple[str, ...] = ()
    layout: int = 1
    most_alike: int = 1
    withdrawn: dict[int, str] = field(default_factory=dict)
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    lines_loaded: int | None = None

    @property
    def rows_kept(self) -> int:
        """Rows of the lake."""
        return len(next(iter(self.columns.values()), self.rows))

    @property
    def rows_loaded(self) -> int:
        """Lines of the file that are in those rows."""
        return self.rows_kept if self.lines_loaded is None else self.lines_loaded

    @property
    def balanced(self) -> bool:
        """Every line read is loaded, quarantined or ignored by rule; none is lost."""
        return self.rows_in == self.rows_loaded + len(self.quarantined) + self.rows_ignored

    @property
    def account(self) -> dict[str, Any]:
        """Row counts by outcome, as kept in the lake and shown on *Sources*."""
        return {
            "sheet": self.name,
            "table_name": self.table,
            "rows_in": self.rows_in,
            "rows_loaded": self.rows_loaded,
            "rows_quarantined": len(self.quarantined),
            "rows_ignored": self.rows_ignored,
            "layout": self.layout,
        }


@dataclass(frozen=True)
class Validators:
    """What an answer says of its version (``ETag``, ``Last-Modified``), and the day it was last asked for."""

    etag: str = ""
    last_modified: str = ""
    asked_on: date | None = None


@dataclass(frozen=True)
class Download:
    """One HTTP answer to keep: the published name and the bytes.

    ``least_pct``: of the size of the last one kept under that name; a shorter answer is taken as truncated.
    ``validators``: what the server gave to ask later whether it changed. ``unchanged``: it says that it did not; no content.
    """

    name: str
    url: str
    content: bytes
    least_pct: float = 0.0
    validators: Validators | None = None
    unchanged: bool = False


@dataclass(frozen=True)
class FetchSettings:
    """What a source needs to be read over HTTP.

    ``is_mirror``: ``base_url`` is not the producer's own service but a copy of its files, under their published names.
    ``known``: validators of the last answer kept, by address.
    """

    base_url: str
    today: date
    api_key: str = ""
    is_mirror: bool = False
    known: Mapping[str, Validators] = field(default_factory=dict)


def discover() -> dict[str, ModuleType]:
    """Modules of this package that declare a ``SOURCE``, by key, in alphabetical order."""
    return dict(_sources())


@cache  # a refresh asks thirty times, and looking through the folder is a sixteenth of a small one
def _sources() -> tuple[tuple[str, ModuleType], ...]:
    package = importlib.import_module("connectors")
    modules = (
        importlib.import_module(f"connectors.{info.name}")
        for info in pkgutil.iter_modules(package.__path__)
        if not info.ispkg and info.name != "base"
    )
    return tuple((module.SOURCE.key, module) for module in modules if hasattr(module, "SOURCE"))


def declared_tables() -> Iterator[Table]:
    """Tables of every source."""
    for source in discover():
        yield from tables(source).values()


@cache
def tables(source: str) -> dict[str, Table]:
    """Tables of a source, from its header table; the first spelling of a header is the template's."""
    with (HEADERS / f"{source}.csv").open(encoding="utf-8", newline="") as handle:
        lines = list(csv.DictReader(handle))
    names = dict.fromkeys(line["table"] for line in lines)
    return {name: _table(name, [line for line in lines if line["table"] == name]) for name in names}


def _table(name: str, lines: list[dict[str, str]]) -> Table:
    return Table(name, lines[0]["sheet"], tuple(_field(line) for line in lines))


def _field(line: dict[str, str]) -> Field:
    refers, *unless = line.get("refers", "").split("|")
    return Field(
        name=line["field"],
        kind=line["kind"],
        required=line["required"] == "oui",
        unit=line["unit"],
        minimum=float(line["minimum"]) if line["minimum"] else None,
        maximum=float(line["maximum"]) if line["maximum"] else None,
        choices=dict(_choices(line["choices"])),
        headers=tuple(_spellings(line["headers"])),
        description=line["description"],
        example=line["example"],
        key=line.get("key") == "oui",
        since=tuple(int(version) for version in line.get("since", "").split("|") if version),
        names=line.get("names", ""),
        refers=refers,
        unless=tuple(unless),
        waits=line.get("waits") == "oui",
    )


def _choices(text: str) -> Iterator[tuple[str, str]]:
    """``rupture=Rupture|Rupture de stock;risque=Risque`` → accepted spelling, value kept."""
    for choice in filter(None, text.split(";")):
        value, _, spellings = choice.partition("=")
        for spelling in (value, *filter(None, spellings.split("|"))):
            yield spelling.strip(), value.strip()


def _spellings(text: str) -> Iterable[tuple[str, float]]:
    """``Stock (boîtes)|Stock (milliers de boîtes) x1000`` → header as written, factor to the unit kept."""
    for spelling in text.split("|"):
        header, _, factor = spelling.strip().rpartition(" x")
        if header and factor.isdigit():
            yield header, float(factor)
        else:
            yield spelling.strip(), 1.0
