"""What a workbook library does not give of a sheet: cells shown as percentages, hidden lines and columns.

Runs in the child process, under its limits. A sheet is parsed only when a quick search of its bytes finds something.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any, NoReturn
from xml.parsers import expat

CHUNK = 1 << 20
OVERLAP = 64  # bytes kept between two chunks: the longest match
HIDDEN = rb"\shidden\s*=\s*[\"\'](?:1|[Tt]rue|TRUE|on)|\s(?:ht|width)\s*=\s*[\"\']0*(?:\.0*)?[\"\']"
PERCENT_FORMATS = frozenset((9, 10))  # built in: 0 % and 0,00 %
LITERAL = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]')  # parts of a number format that are shown as they are
TRUE = frozenset(("1", "true", "on"))
MOST_COLUMNS = 16_384
MOST_STYLES = 200  # searched one by one
REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)", re.IGNORECASE)


@dataclass
class Facts:
    """``lines`` and ``columns``: ranges hidden, bounds included, lines from 1 and columns from 0.

    ``percents``: places of cells shown as percentages, line x ``MOST_COLUMNS`` + column, in order.
    """

    lines: list[tuple[int, int]] = field(default_factory=list)
    columns: list[tuple[int, int]] = field(default_factory=list)
    percents: array[int] = field(default_factory=lambda: array("Q"))

    def hide(self, line: int) -> None:
        if self.lines and self.lines[-1][1] == line - 1:
            self.lines[-1] = (self.lines[-1][0], line)
        else:
            self.lines.append((line, line))


def facts_of(path: str) -> dict[str, Facts]:
    """Facts of each sheet by its name. Raises ``ValueError`` when a part cannot be parsed."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = frozenset(archive.namelist())
            parts = _parts(archive, names)
            styles = _percent_styles(archive) if "xl/styles.xml" in names else frozenset()
            return {
                name: _facts(archive, part, styles)
                for name, part in parts.items()
                if part in names and _worth_parsing(archive, part, styles)
            }
    except (expat.ExpatError, KeyError, zipfile.BadZipFile) as error:
        raise ValueError(str(error)) from error


def _parts(archive: zipfile.ZipFile, names: frozenset[str]) -> dict[str, str]:
    """Part of the archive that holds each sheet, by the name of the sheet."""
    links = "xl/_rels/workbook.xml.rels"
    if links not in names:
        return {}
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def link(name: str, values: dict[str, str]) -> None:
        if name == "Relationship":
            target = values.get("Target", "")
            targets[values.get("Id", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"

    def sheet(name: str, values: dict[str, str]) -> None:
        if name == "sheet":
            sheets.setdefault(values.get("name", ""), values.get("id", ""))

    _parse(archive, links, link)
    _parse(archive, "xl/workbook.xml", sheet)
    return {name: targets[identifier] for name, identifier in sheets.items() if identifier in targets}


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """Ranks of the cell styles whose number format shows a percentage."""
    formats = set(PERCENT_FORMATS)
    styles: list[int] = []
    within: list[str] = []

    def start(name: str, values: dict[str, str]) -> None:
        if name == "numFmt" and "%" in LITERAL.sub("", values.get("formatCode", "")):
            formats.add(_whole(values.get("numFmtId")))
        elif name == "xf" and within and within[-1] == "cellXfs":
            styles.append(_whole(values.get("numFmtId")))
        elif name in ("cellXfs", "cellStyleXfs"):
            within.append(name)

    _parse(archive, "xl/styles.xml", start)
    return frozenset(rank for rank, number in enumerate(styles) if number in formats)


def _worth_parsing(archive: zipfile.ZipFile, part: str, styles: frozenset[int]) -> bool:
    few = len(styles) <= MOST_STYLES
    styled = b"|".join(str(rank).encode() for rank in sorted(styles)) if few else rb"\d+"
    found = re.compile(HIDDEN + (rb"|\ss\s*=\s*[\"\'](?:" + styled + rb")[\"\']" if styles else b""))
    before = b""
    with archive.open(part) as content:
        for chunk in _chunks(content):
            if found.search(before + chunk):
                return True
            before = chunk[-OVERLAP:]
    return False


def _facts(archive: zipfile.ZipFile, part: str, styles: frozenset[int]) -> Facts:
    facts = Facts()
    shown = {str(rank) for rank in styles}
    line = column = 0

    def start(name: str, values: dict[str, str]) -> None:
        nonlocal line, column
        if name == "c":
            place = REFERENCE.fullmatch(values["r"]) if "r" in values else None
            column = _column(place[1]) if place else column + 1
            if values.get("s") in shown:
                facts.percents.append(line * MOST_COLUMNS + column)
        elif name == "row":
            line, column = _whole(values["r"]) if "r" in values else line + 1, -1
            if _is_hidden(values, "ht"):
                facts.hide(line)
        elif name == "col" and _is_hidden(values, "width"):
            first, last = _whole(values.get("min")), min(_whole(values.get("max")), MOST_COLUMNS)
            facts.columns.append((first - 1, last - 1))

    _parse(archive, part, start)
    facts.percents = array("Q", sorted(facts.percents))
    return facts


def _is_hidden(values: dict[str, str], size: str) -> bool:
    return values.get("hidden", "").lower() in TRUE or (size in values and not values[size].strip("0."))


def _column(letters: str) -> int:
    rank = 0
    for letter in letters.upper():
        rank = 26 * rank + ord(letter) - 64
    return min(rank, MOST_COLUMNS) - 1


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _parse(archive: zipfile.ZipFile, part: str, start: Any) -> None:
    """Calls ``start`` with the local name and the attributes (local names too) of each element."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(name: str, attributes: dict[str, str]) -> None:
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        start(name.rpartition(" ")[2], values)

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = _refuse_type
    with archive.open(part) as content:
        for chunk in _chunks(content):
            parser.Parse(chunk)
        parser.Parse(b"", True)


def _refuse_type(*_: object) -> NoReturn:
    raise ValueError("document type")


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    return iter(partial(content.read, CHUNK), b"")
