"""Codes of the smallest unit a hospital dispenses (UCD), as partners write them."""

from __future__ import annotations

import re

from connectors.language.folding import fold
from connectors.reading.values import BadValue

UCD = re.compile(r"(?:34008)?(9\d{6})\d?")  # seven digits, or thirteen with the prefix and the check digit
EXPECTED = "code UCD : 7 chiffres commençant par 9 attendus, ou 13 commençant par 34008"


def ucd_or_dci(written: str, field: str) -> str:
    """The seven digits of a UCD, or the name of a substance as it is written."""
    bare = written.replace(" ", "").removesuffix(".0").removesuffix(",0")
    if match := UCD.fullmatch(bare):
        return match[1]
    if not any(sign.isalpha() for sign in fold(written)):
        raise BadValue(f"DCI ou {EXPECTED}", field)
    return written
