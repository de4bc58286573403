"""French writing of numbers, dates and words. An unknown value is written « — », never 0."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal

from connectors.language.rounding import downward, same_side
from connectors.language.typography import tied
from data.settings import PARIS

UNKNOWN = "—"
LOCALE = "fr_FR"
SMALLEST_SHARE = 0.1  # in percent, below which a share is not written as a number


def missing(value: object) -> bool:
    """None, NaN, NaT or NA. A list is never missing."""
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    return isinstance(value, float) and value != value  # noqa: PLR0124


def number(value: float | None, digits: int = 0) -> str:
    """``1234.5`` → ``1 234,5`` (narrow space, comma); exactly ``digits`` decimals."""
    if value is None or missing(value):
        return UNKNOWN
    return _written(round(float(value), digits) + 0.0, digits)


@lru_cache(maxsize=65_536)
def _written(value: float, digits: int) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=LOCALE).replace("-", "\u2212")


def days(value: float | None) -> str:
    """``2.4`` → ``2,4 j``; from 10 days on the decimal says nothing and goes: ``12 j``.

    Rounded downwards there, so that a figure under a bound is never written at the bound.
    """
    if value is None or missing(value):
        return UNKNOWN
    if float(value) >= 10:
        return tied(number(int(value)), "j")
    tenths = int(float(value) * 10 + 1e-9) / 10
    return tied(number(tenths, 1), "j")


def change(value: float | None, unit: str = "j", digits: int = 1) -> str:
    """Signed difference: ``+1,2 j``, ``−0,4 j``, ``0,0 j``."""
    if value is None or missing(value):
        return UNKNOWN
    sign = "+" if round(float(value), digits) > 0 else ""
    return tied(f"{sign}{number(value, digits)}", unit)


def boxes(value: float | None) -> str:
    """``12450`` → ``12 450 boîtes``."""
    return plural(value, "boîte", "boîtes")


def plural(value: float | None, one: str, many: str) -> str:
    """``plural(1, "déclaration", "déclarations")`` → ``1 déclaration``; French: 0 and 1 are singular."""
    if value is None or missing(value):
        return UNKNOWN
    return tied(number(value), one if abs(float(value)) < 2 else many)


def percent(value: float | None, digits: int = 0, bounds: Iterable[float] = ()) -> str:
    """``12.3`` (already in percent) → ``12 %``; with the bounds it is compared with, never written beyond one of them."""
    if value is None or missing(value):
        return UNKNOWN
    return tied(number(same_side(float(value), digits, bounds), digits), "%")


def share(value: float | None) -> str:
    """A share of market as a declaration writes it, cut at one decimal: bands start at their bound, 14.96 is not 15."""
    if value is None or missing(value):
        return UNKNOWN
    if 0 < float(value) < SMALLEST_SHARE:
        return f"moins de {percent(SMALLEST_SHARE, 1)}"
    return tied(number(downward(float(value), 1), 1), "%")


def as_date(value: object) -> date | None:
    """Calendar day of a date, datetime or Timestamp (in Paris when it carries a zone); None when unknown."""
    if missing(value):
        return None
    if isinstance(value, datetime):
        return _in_paris(value).date()
    if isinstance(value, date):
        return value
    return pd.Timestamp(str(value)).date()


def _in_paris(value: datetime) -> datetime:
    return value.astimezone(PARIS) if value.tzinfo else value


def day(value: object) -> str:
    """``16/11/2026``."""
    known = as_date(value)
    return UNKNOWN if known is None else f"{known:%d/%m/%Y}"


def short_day(value: object) -> str:
    """``16/11``: only where the year is written beside."""
    known = as_date(value)
    return UNKNOWN if known is None else f"{known:%d/%m}"


def month(value: object) -> str:
    """``nov. 2026``."""
    known = as_date(value)
    return UNKNOWN if known is None else format_date(known, "MMM y", locale=LOCALE)


def long_month(value: object) -> str:
    """``novembre 2026``."""
    known = as_date(value)
    return UNKNOWN if known is None else format_date(known, "MMMM y", locale=LOCALE)


def moment(value: object) -> str:
    """``22/11/2026 06:10``, in the time of Paris whatever zone the value carries."""
    if missing(value):
        return UNKNOWN
    return f"{_in_paris(pd.Timestamp(value)):%d/%m/%Y %H:%M}"  # type: ignore[arg-type]


def week(value: object, *, year: bool = False) -> str:
    """ISO week ``S47``; with ``year`` the ISO year follows: 01/01/2027 is ``S53 2026``."""
    known = as_date(value)
    if known is None:
        return UNKNOWN
    iso = known.isocalendar()
    return tied(f"S{iso.week:02d}", str(iso.year)) if year else f"S{iso.week:02d}"


def age(value: float | None) -> str:
    """Days since: ``aujourd'hui``, ``hier``, ``il y a 12 j``."""
    if value is None or missing(value):
        return UNKNOWN
    whole = int(value)
    return {0: "aujourd'hui", 1: "hier"}.get(whole, f"il y a {tied(number(whole), 'j')}")


def listing(values: Any, empty: str = UNKNOWN) -> str:
    """Items of a list column joined by commas."""
    if isinstance(values, str):
        return values or empty
    if missing(values) or not isinstance(values, Iterable):
        return empty
    return ", ".join(str(v) for v in values if not missing(v)) or empty


def level(rows: Sequence[Mapping[str, Any]], column: str) -> list[Mapping[str, Any]]:
    """The first of rows in order, with those that stand level with it: « la première » is said of one alone."""
    return [row for row in rows if row[column] == rows[0][column]]


def listed(names: Sequence[str], most: int = 3) -> str:
    """« apixaban, metformine et propofol », « …, propofol et 4 autres »."""
    shown, left = list(names[:most]), len(names) - most
    words = [*shown, plural(left, "autre", "autres")] if left > 0 else shown
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} et {words[-1]}"


def capital(text: object) -> str:
    """First letter as a capital, the others as they are: the name of a substance at the head of a line."""
    written = "" if missing(text) else str(text)
    return written[:1].upper() + written[1:]


def short_title(title: object) -> str:
    """« IQVIA : stocks et ventes des officines du panel » → « IQVIA »."""
    return re.split(r"\s: ", str(title), maxsplit=1)[0]


def headed(answer: str) -> tuple[str, str]:
    """The first clause of an answer, which stands out, and the rest: « 11 dates arrivent », « ; 130 sont passées. »."""
    end = re.search(r" ; |(?<=\.) (?=[A-ZÀ-Ý])", answer)
    at = end.start() if end else len(answer)
    return answer[:at], answer[at:]


def opened(words: str) -> str:
    """A note that stands alone under its figure needs no brackets: « (4 semaines), après… » → « 4 semaines, après… »."""
    return words[1:].replace(")", "", 1) if words.startswith("(") else words
