"""Alternatives as laboratories write them: the cell split where its separators are clear, what each item names recognised.

An item is recognised by its CIS or CIP code, its name in the referential or its DCI; any other one stays as typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from connectors.language.folding import fold
from connectors.reading.lists import values_in
from data.building.substances import dci_key, dci_label, dci_name
from data.warehouse import Writer

LONGEST_CELL = 4_000  # characters; a longer text is one item
SEPARATOR = re.compile(r"\s*(?:,(?!\d)|[/+&]|(?<=\s)[-–—](?=\s)|\b(?:et|ou)\b)\s*", re.IGNORECASE)
PARTS = re.compile(r"\s*(?:[/+]|\bet\b)\s*", re.IGNORECASE)  # of an association
MOST_PIECES = 12  # that the name of one speciality may hold
ENOUGH = 2  # items recognised in a line before what stands between two others is one too
CODE = re.compile(r"(?<!\d)(?:34009\d{8}|\d{8})(?!\d)")
LEAD = re.compile(
    r"(?:les\s+|autres?\s+)*(?:spécialités?|présentations?|génériques?|médicaments?)\s+"
    r"(?:à base\s+|contenant\s+)?(?:de\s+la\s+(?:même\s+)?(?:dci|molécule)\s*:?\s*)?(?:de\s+l['’]|du\s+|de\s+|d['’])?",
    re.IGNORECASE,
)
TABLE = pa.schema(
    [
        ("alternatives", pa.string()),
        ("item_no", pa.int64()),
        *((name, pa.string()) for name in ("item", "cis", "dci_key")),
    ]
)
SOURCES = "SELECT alternatives FROM declaration_version UNION SELECT alternatives FROM stop_intention"


@dataclass(frozen=True)
class Named:
    """What an item names: a speciality, or a whole DCI (``cis`` empty)."""

    dci_key: str | None
    cis: str | None = None


@dataclass
class Names:
    """What the referential knows: codes, folded names, keys of DCI."""

    codes: dict[str, Named] = field(default_factory=dict)
    names: dict[str, Named | None] = field(default_factory=dict)  # None: several DCI share it
    keys: set[str] = field(default_factory=set)

    def add(self, cis: str, denomination: str, key: str | None) -> None:
        """A speciality: its whole name, its name without the form, and what stands before the strength."""
        self.codes[cis] = Named(key, cis)
        self.keys |= {key} if key else set()
        short = re.split(r",(?!\d)", denomination, maxsplit=1)[0]
        for name in {fold(denomination), fold(short), fold(re.split(r"\s\d", short, maxsplit=1)[0])}:
            self.names[name] = self._joined(name, Named(key, cis))

    def _joined(self, name: str, new: Named) -> Named | None:
        old = self.names.get(name, new)
        if old is None or old.dci_key != new.dci_key:
            return None
        return old if old == new else Named(old.dci_key) if old.dci_key else None

    def named(self, text: str) -> Named | None:
        """What a text names; None when nothing, or not one thing."""
        codes = {self.codes.get(code) for code in CODE.findall(text)}
        if codes:
            return codes.pop() if len(codes) == 1 else None
        bare = LEAD.sub("", text, count=1) if LEAD.match(text) else text
        return self.names.get(fold(text)) or self.names.get(fold(bare)) or self._dci(bare)

    def _dci(self, text: str) -> Named | None:
        parts = [part for part in PARTS.split(text) if part]
        if not parts or not fold(text):
            return None
        for names in ([text], parts):
            key = dci_key(dci_label(dci_name(name) for name in names))
            if key in self.keys:
                return Named(key)
        return None


def items(text: str, names: Names) -> list[tuple[str, Named | None]]:
    """The items of a cell in order, each with what it names."""
    if len(text) > LONGEST_CELL:
        return [(text, None)]
    lines = values_in(text, lambda _: True)
    found = dict.fromkeys(item for line in lines for item in _of_line(line, names))
    return [(item, names.named(item)) for item in found] or [(text, None)]


def _of_line(line: str, names: Names) -> list[str]:
    """Items of a line: the longest runs that are recognised, and what stands between them; the whole line if too few are."""
    pieces = _pieces(line)
    found: list[str] = []
    recognised, unknown_from, at = 0, 0, 0
    while at < len(pieces):
        ends = range(min(len(pieces), at + MOST_PIECES), at, -1)
        end = next((end for end in ends if _is_one(line, pieces[at:end], names)), at)
        if end == at:
            at += 1
            continue
        found += [_run(line, pieces[unknown_from:at])] if unknown_from < at else []
        found.append(_run(line, pieces[at:end]))
        recognised, unknown_from, at = recognised + 1, end, end
    found += [_run(line, pieces[unknown_from:at])] if unknown_from < at else []
    return found if recognised == len(found) or recognised >= ENOUGH else [line]


def _pieces(line: str) -> list[tuple[int, int]]:
    """Start and end of what stands between the separators."""
    cuts = [match.span() for match in SEPARATOR.finditer(line)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(line)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _run(line: str, pieces: list[tuple[int, int]]) -> str:
    return line[pieces[0][0] : pieces[-1][1]].strip()


def _is_one(line: str, pieces: list[tuple[int, int]], names: Names) -> bool:
    """True when the run names one thing; a code names its whole run unless another piece has a name of its own."""
    text = _run(line, pieces)
    if CODE.fullmatch(text):
        return True  # a code of its own, even one that nothing knows
    if len(pieces) == 1 or not CODE.search(text):
        return names.named(text) is not None
    others = [piece for piece in (line[start:end] for start, end in pieces) if not CODE.search(piece)]
    return names.named(text) is not None and not any(map(names.named, others))


def write(writer: Writer) -> None:
    """``alternative_item``: one row per item of each cell of alternatives received."""
    names = Names()
    for row in writer.rows("SELECT cis, denomination, dci_key FROM speciality ORDER BY cis"):
        names.add(row["cis"], row["denomination"] or "", row["dci_key"])
    for row in writer.rows("SELECT cip13, cis FROM presentation"):
        if row["cis"] in names.codes:
            names.codes[row["cip13"]] = names.codes[row["cis"]]
    cells = [row["alternatives"] for row in writer.rows(f"SELECT * FROM ({SOURCES}) ORDER BY alternatives")]
    rows = [row for cell in cells if cell for row in _rows(cell, names)]
    writer.table("alternative_item", pa.Table.from_pylist(rows, schema=TABLE))


def _rows(cell: str, names: Names) -> Iterator[Mapping[str, Any]]:
    for number, (item, named) in enumerate(items(cell, names), start=1):
        yield {
            "alternatives": cell,
            "item_no": number,
            "item": item,
            "cis": named.cis if named else None,
            "dci_key": named.dci_key if named else None,
        }
