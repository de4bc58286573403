"""Codes of departments and regions as partners write them."""

from __future__ import annotations

import re

from connectors.reading.values import BadValue

DEPARTMENT = re.compile(r"0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[12346]")
MAINLAND_REGIONS = frozenset(("11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93"))
REGIONS = MAINLAND_REGIONS | {"01", "02", "03", "04", "06", "94"}
NATION = "FR"


def department(code: str, field: str) -> str:
    """Code of a department; ``1`` is ``01``, since workbooks lose the zero and no code has one figure."""
    padded = code.upper().zfill(2)
    if not DEPARTMENT.fullmatch(padded):
        raise BadValue("code de département inconnu", field)
    return padded


def region(code: str, field: str, accepted: frozenset[str] = REGIONS) -> str:
    """INSEE code of a region, among ``accepted``; ``field`` is the column named if it is not."""
    padded = code.removesuffix(".0").removesuffix(",0").zfill(2)
    if padded not in accepted:
        raise BadValue("code de région inconnu ou hors du champ de la source", field)
    return padded


def nation(code: str, field: str) -> str:
    """``FR``, also written ``France``."""
    if code.casefold() not in ("fr", "france"):
        raise BadValue("territoire national : FR attendu", field)
    return NATION
