"""Codes of departments and regions as partners write them."""

from __future__ import annotations

import re

from connectors.reading.values import BadValue

DEPARTMENT = re.compile(r"0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[12346]")
MAINLAND_REGIONS = frozenset(("11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93"))
REGIONS = MAINLAND_REGIONS | {"01", "02", "03", "04", "06", "94"}
NATION = "FR"
_DEPARTMENTS = {
    "01": "971", "02": "972", "03": "973", "04": "974", "06": "976", "11": "75 77 78 91 92 93 94 95",
    "24": "18 28 36 37 41 45", "27": "21 25 39 58 70 71 89 90", "28": "14 27 50 61 76", "32": "02 59 60 62 80",
    "44": "08 10 51 52 54 55 57 67 68 88", "52": "44 49 53 72 85", "53": "22 29 35 56",
    "75": "16 17 19 23 24 33 40 47 64 79 86 87", "76": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "84": "01 03 07 15 26 38 42 43 63 69 73 74", "93": "04 05 06 13 83 84", "94": "2A 2B",
}  # fmt: skip
REGION_OF = {code: region for region, codes in _DEPARTMENTS.items() for code in codes.split()}


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
