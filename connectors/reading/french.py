"""Numbers, days and weeks as people write them in France, and as spreadsheets return them."""

from __future__ import annotations

import re
from datetime import date, datetime

from connectors.language.folding import fold

SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
# Marks that reverse the direction of the following text: « 12 » would be shown as « 21 ». French does not use them.
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NUMBERS = (  # accepted spelling, characters that separate thousands, decimal mark
    (re.compile(r"\d+(,\d+)?"), "", ","),
    (re.compile(r"(0|\d{4,})\.\d+|\d+\.(\d{1,2}|\d{4,})"), "", "."),  # 1.234 is ambiguous: not accepted
    (re.compile(r"\d{1,3}( \d{3})+(,\d+)?"), " ", ","),
    (re.compile(r"\d{1,3}( \d{3})+\.\d+"), " ", "."),
    (re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}"), ".", ","),
    (re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}"), ",", "."),
)
COMMA_TWICE = re.compile(r"(\d{1,3}(?:,\d{3})+),(\d{1,2})")  # prices of the BDPM: 1,466,29
WEEKS = (
    re.compile(r"(?P<year>\d{4})[ -]*[SW][ -]*(?P<week>\d{1,2})"),
    re.compile(r"(?P<year>\d{4})(?P<week>\d{2})"),
    re.compile(r"(?:SEMAINE|SEM\.?|S|W)[ -]*(?P<week>\d{1,2})[ /-]*(?P<year>\d{4})"),
)
DATES = (
    re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})(?: 0{1,2}:00(?::00)?)?"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[T ].*)?"),
)
DATE_IN_WORDS = re.compile(r"(\d{1,2})(?:er)? ([^\W\d]+)\.? (\d{4})")
MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)


class BadValue(ValueError):
    """A cell that cannot be trusted. ``reason`` is in French; ``field`` names the column when a row check knows it."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason, self.field = reason, field


def written(cell: object) -> str:
    """The cell as a person would write it: 84.0 is ``84``."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return TURNING.sub("", str(cell)).strip()


def number_in(text: str) -> float:
    """Number written in the French way, or in any unambiguous way; raises ``BadValue``."""
    sign, text = _signed(SPACES.sub(" ", text))
    if match := COMMA_TWICE.fullmatch(text):
        return sign * float(f"{match[1].replace(',', '')}.{match[2]}")
    for spelling, thousands, mark in NUMBERS:
        if spelling.fullmatch(text):
            return sign * float(
                text.replace(thousands, "").replace(mark, ".") if thousands else text.replace(mark, ".")
            )
    if re.fullmatch(r"\d{1,3}\.\d{3}", text):
        raise BadValue("nombre ambigu : le point sépare-t-il les milliers ou les décimales ?")
    raise BadValue("nombre illisible")


def _signed(text: str) -> tuple[int, str]:
    if text[:1] in ("-", "−", "+"):
        return (1 if text[0] == "+" else -1), text[1:].lstrip()
    return 1, text


def day_in(text: str) -> date:
    """Day written ``jj/mm/aaaa``, ISO or in words; raises ``BadValue``."""
    text = SPACES.sub(" ", text)
    for spelling in DATES:
        if match := spelling.fullmatch(text):
            return _calendar(int(match["year"]), int(match["month"]), int(match["day"]))
    words = DATE_IN_WORDS.fullmatch(text)
    if words and fold(words[2]) in MONTHS:
        return _calendar(int(words[3]), MONTHS.index(fold(words[2])) + 1, int(words[1]))
    raise BadValue("date illisible (jj/mm/aaaa attendu)")


def _calendar(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue("date qui n'existe pas (jj/mm/aaaa attendu)") from None


def week_in(text: str) -> date | None:
    """Monday of an ISO week written in any accepted way (``2026-S46``); ``None`` when ``text`` is not a week."""
    for spelling in WEEKS:
        if match := spelling.fullmatch(SPACES.sub(" ", text).upper()):
            return _monday(int(match["year"]), int(match["week"]))
    return None


def _monday(year: int, week: int) -> date:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        raise BadValue(f"l'année {year} n'a pas de semaine {week}") from None
