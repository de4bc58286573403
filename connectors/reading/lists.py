"""Several values typed in one cell: line breaks, bullets, numbers, semicolons, commas, slashes, « et »."""

from __future__ import annotations

import re
from collections.abc import Callable

from connectors.reading.french import SPACES

# A line, a semicolon, a bar or a bullet always begins another value.
LINES = re.compile(r"[\r\n\t\v\f\x85\u2028\u2029;|]+|[•‣▪◦●∙·]")
BULLET = re.compile(r"^\s*(?:[-–—*>]+\s+|\(?(?:\d{1,2}°?|[a-h](?=\)))[.)]\s*)+")
NUMBERED = re.compile(r"(?<=\s)\(?(?:\d{1,2}°?|[a-h](?=\)))[.)]\s+(?=\S)")  # « 1. … 2. … » on one line
LOOSE = (  # separators that a value may also hold, from the surest
    re.compile(r"\s+/\s+"),
    re.compile(r","),
    re.compile(r"/|\+|&|\s[-–—]\s|\bet\b|\bou\b", re.IGNORECASE),
)
SURE = LOOSE[:2]  # split even between values unknown to the list: no official cause holds them


def values_in(text: str, known: Callable[[str], bool], *, loosely: bool = False) -> list[str]:
    """Values of a cell, in order and without repetition; ``known`` says whether a text is a value of the list.

    ``loosely``: values are words of a closed list, which hold none of the separators.
    """
    numbered = BULLET.match(text) and NUMBERED.search(text)
    parts = (NUMBERED if numbered else LINES).split(text)
    parts = [line for part in parts for line in LINES.split(part)]
    found = [value for part in parts for value in _split(_bare(part), known, loosely)]
    return list(dict.fromkeys(found))


def _bare(part: str) -> str:
    return SPACES.sub(" ", BULLET.sub("", part)).strip(" ,;/-–—*")


def _split(part: str, known: Callable[[str], bool], loosely: bool) -> list[str]:
    if not part:
        return []
    if known(part):
        return [part]
    for separator in LOOSE:
        pieces = [piece for piece in map(_bare, separator.split(part)) if piece]
        if len(pieces) > 1:
            values = [value for piece in pieces for value in _split(piece, known, loosely)]
            if loosely or separator in SURE or all(map(known, values)):
                return values
    return [part]
