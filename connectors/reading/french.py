"""Numbers, days and weeks as people write them in France, and as spreadsheets return them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Literal

from connectors.language.folding import fold
from connectors.reading.lines import Percent, plain

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
ONE_MARK = re.compile(
    r"(?P<head>[1-9]\d{0,2})(?P<mark>[.,])(?P<tail>\d{3})"
)  # 1,234 and 1.234: thousands, or decimals?
BOUND = re.compile(r"[<>≤≥]\s*\d")  # « <5 »: a producer that masks small numbers
COMMA_TWICE = re.compile(r"(\d{1,3}(?:,\d{3})+),(\d{1,2})")  # prices of the BDPM: 1,466,29
WEEKS = (
    re.compile(r"(?P<year>\d{4})[ -]*[SW][ -]*(?P<week>\d{1,2})"),
    re.compile(r"(?P<year>\d{4})(?P<week>\d{2})"),
    re.compile(r"(?:SEMAINE|SEM\.?|S|W)[ -]*(?P<week>\d{1,2})[ /-]*(?P<year>\d{4})"),
)
DATES = (
    re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})(?: 0{1,2}:00(?::00)?)?"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[T ].*)?"),
    re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"),
)
NUMERIC_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
DATE_IN_WORDS = re.compile(
    r"(?:le )?(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?(\d{1,2})(?:er)?[ -]([^\W\d]+)\.?[ -](\d{4})"
)
MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
MONTHS_SHOWN = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
SHORT_MONTHS = {
    "janv": 1,
    "jan": 1,
    "fev": 2,
    "fevr": 2,
    "avr": 4,
    "juil": 7,
    "sept": 9,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
    "mar": 3,
    "jun": 6,
    "jul": 7,
    "aou": 8,
}
MONTH = (
    re.compile(r"(?:(?P<when>[^\W\d]+)[ -])?(?:de |d'|d’)?(?P<word>[^\W\d]{3,})\.?[ /-](?P<year>\d{4})"),
    re.compile(r"(?:(?P<when>[^\W\d]+)[ -])?(?P<month>\d{1,2})[/-](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})"),
)
QUARTER = re.compile(
    r"(?:T|Q)(?P<n>[1-4])[ /-]*(?P<year>\d{4})|(?P<m>[1-4])(?:E|ER|EME|ÈME)? ?(?:TRIMESTRE|TRIM\.?) (?P<y>\d{4})"
)
HALF = re.compile(r"(?P<n>[12])(?:ER|E|ND|EME|ÈME)? ?SEMESTRE (?P<year>\d{4})")
SIX_DIGITS = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<number>\d{2})")  # 202610: week 10, or October
EIGHT_DIGITS = re.compile(r"(?:19|20)\d{6}")  # 20261005: a day, of a text or of a number
HALF_OR_WEEK = re.compile(r"S[12][ /-]*\d{4}")
YEAR = re.compile(r"(?P<when>[^\W\d]+) (?P<year>\d{4})")
LONGEST_DATE = 60  # characters of an approximate date
FORTNIGHT = re.compile(r"(?P<n>1|2)(?:e|er|ère|ere|nde?|eme|ème)? quinzaine (?P<month>.+)", re.IGNORECASE)
BEGINNINGS, MIDDLES, ENDS = frozenset(("debut",)), frozenset(("mi", "milieu")), frozenset(("fin", "courant"))
FILLERS = re.compile(  # words that do not move an approximate date
    r"\b(?:au plus tard|à partir|a partir|du mois|mois|avant|vers|environ|prévue?|horizon|année|annee|de|du|le|en|au|à|a)\b"
    r"|\b[dl]['’]|~",
    re.IGNORECASE,
)
SYMBOLS = re.compile(r"[-–—−?./*…]+")  # alone in a cell: nothing, or zero in accounting formats
UNKNOWN = frozenset(
    (
        *("nc", "nd", "ns", "na", "so", "neant", "sansobjet", "null", "none", "nan", "aucun", "aucune", "vide"),
        *("nonconnu", "nonconnue", "inconnu", "inconnue", "indetermine", "indeterminee", "nondetermine"),
        *("nondeterminee", "adefinir", "adeterminer", "apreciser", "aconfirmer", "nonrenseigne", "nonrenseignee"),
        *("noncommunique", "noncommuniquee", "nondisponible", "indisponible", "pasdedate", "sansdate", "asap"),
        *("desquepossible", "encours", "enattente", "nonapplicable", "nondefini", "nondefinie", "nonprecise"),
    )
)
Marks = Literal["", "assumed", "french", "english"]
Order = Literal["day", "month", ""]
SixDigits = Literal["week", "month", ""]


class BadValue(ValueError):
    """A cell that cannot be trusted. ``reason`` is in French; ``field`` names the column when a row check knows it."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason, self.field = reason, field


def written(cell: object) -> str:
    """The cell as a person would write it: 84.0 is ``84``."""
    if isinstance(cell, float) and not isinstance(cell, Percent) and cell.is_integer():
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
    if ONE_MARK.fullmatch(text):
        raise BadValue(ambiguous_number(text))
    if BOUND.match(text):
        raise BadValue(f"nombre illisible : « {text[:LONGEST_DATE]} » est une borne, et non une valeur")
    raise BadValue("nombre illisible")


def both_readings(text: str) -> tuple[float, float] | None:
    """Decimal and thousands readings of ``1,234`` or ``1.234``; ``None`` when the text has one reading."""
    sign, text = _signed(SPACES.sub(" ", text))
    match = ONE_MARK.fullmatch(text)
    if match is None:
        return None
    return sign * float(f"{match['head']}.{match['tail']}"), sign * float(match["head"] + match["tail"])


def ambiguous_number(text: str) -> str:
    """The sentence that gives both readings of ``1,234``."""
    decimal, thousands = both_readings(text) or (0.0, 0.0)
    return (
        f"nombre ambigu : « {text} » est-il {plain(thousands)} ou {plain(decimal)} ? La colonne ne permet pas de"
        " trancher ; l'écrire sans séparateur de milliers"
    )


def marks_proved(text: str) -> frozenset[Marks]:
    """Conventions that a written number proves: French (1.234,5), English (1,234.5), both or neither proved."""
    _, text = _signed(SPACES.sub(" ", text))
    if COMMA_TWICE.fullmatch(text):
        return frozenset(("french", "english"))
    if ONE_MARK.fullmatch(text) or ("," not in text and "." not in text):
        return frozenset()
    if re.fullmatch(r"\d{1,3}(\.\d{3}){2,}|\d{1,3}([. ]\d{3})+,\d+|\d+,\d+", text):
        return frozenset(("french",))
    if re.fullmatch(r"\d{1,3}(,\d{3}){2,}|\d{1,3}([, ]\d{3})+\.\d+|\d+\.\d+", text):
        return frozenset(("english",))
    return frozenset()


def is_unknown(cell: object) -> bool:
    """True for what people type in place of a value: « - », « n.c. », « néant », « à définir »."""
    return isinstance(cell, str) and (SYMBOLS.fullmatch(cell.strip()) is not None or fold(cell) in UNKNOWN)


def _signed(text: str) -> tuple[int, str]:
    if text[:1] in ("-", "−", "+"):
        return (1 if text[0] == "+" else -1), text[1:].lstrip()
    return 1, text


def day_in(text: str, order: Order = "day") -> date:
    """Day written ``jj/mm/aaaa``, ISO or in words; raises ``BadValue``.

    ``order``: what a column writes first; unknown, a date with two readings is refused.
    """
    text = SPACES.sub(" ", text)
    numeric, *isos = DATES
    if match := numeric.fullmatch(text):
        day, month, year = int(match["day"]), int(match["month"]), int(match["year"])
        if order == "month" or (order == "" and month > 12):
            day, month = month, day
        elif order == "" and day <= 12 and day != month:
            raise BadValue(ambiguous_day(text, day, month, year))
        return _calendar(year, month, day)
    if match := next(filter(None, (iso.fullmatch(text) for iso in isos)), None):
        return _calendar(int(match["year"]), int(match["month"]), int(match["day"]))
    words = DATE_IN_WORDS.fullmatch(text)
    if words and (number := _month(words[2])):
        return _calendar(int(words[3]), number, int(words[1]))
    if SHORT_YEAR.fullmatch(text):
        raise BadValue(f"date illisible : année sur deux chiffres dans « {text} » (jj/mm/aaaa attendu)")
    raise BadValue("date illisible (jj/mm/aaaa attendu)")


def ambiguous_day(text: str, day: int, month: int, year: int) -> str:
    """The sentence that gives both readings of ``11/02/2026``."""
    return (
        f"date ambiguë : « {text} » est-il {in_words(day, month, year)} ou {in_words(month, day, year)} ? D'autres dates"
        " sont écrites mois d'abord ; écrire jj/mm/aaaa partout"
    )


def in_words(day: int, month: int, year: int) -> str:
    """``le 2 novembre 2026``."""
    return f"le {day}{'er' * (day == 1)} {MONTHS_SHOWN[month - 1]} {year}"


def _month(word: str) -> int:
    """Number of a month, 0 when it is not one."""
    folded = fold(word)
    return MONTHS.index(folded) + 1 if folded in MONTHS else SHORT_MONTHS.get(folded, 0)


def month_in(text: str) -> tuple[int, int] | None:
    """Year and month written without a day: ``novembre 2026``, ``11/2026``, ``2026-11``."""
    found = _part_of_month(SPACES.sub(" ", text))
    return found[1:] if found and not found[0] else None


def week_or_month(text: str) -> tuple[int, int] | None:
    """Year and number of ``202610``, which is a week or a month; ``None`` when the text has one reading."""
    match = SIX_DIGITS.fullmatch(text)
    return (int(match["year"]), int(match["number"])) if match and 1 <= int(match["number"]) <= 12 else None


def both_periods(text: str) -> str:
    """The question that gives both readings of ``202610``."""
    year, number = week_or_month(text) or (1, 1)
    monday = _monday(year, number)
    return (
        f"« {text} » est-il la semaine {number} de {year} ({monday:%d/%m/%Y} au {monday + timedelta(days=6):%d/%m/%Y}) ou"
        f" {MONTHS_SHOWN[number - 1]} {year} ?"
    )


def vague_day(text: str, six_digits: SixDigits = "") -> date | None:
    """The last day that an approximate date allows: « fin décembre 2026 », « T1 2027 », « courant mars 2027 ».

    The middle of a month is its 15th, its beginning its 10th. ``six_digits``: what the column means by ``202610``.
    ``None`` when the text is no date of this kind.
    """
    text = SPACES.sub(" ", FILLERS.sub(" ", text[:LONGEST_DATE])).strip()
    if HALF_OR_WEEK.fullmatch(text.upper()):
        raise BadValue(f"date ambiguë : « {text} » est-il un semestre ou une semaine ? Écrire un jour (jj/mm/aaaa)")
    if (period := week_or_month(text)) and six_digits != "week":
        if six_digits == "month":
            return last_of(*period)
        raise BadValue(f"date ambiguë : {both_periods(text)} Écrire un jour (jj/mm/aaaa)")
    if monday := week_in(text):
        return monday + timedelta(days=min(6, (date.max - monday).days))
    if found := _part_of_month(text):
        when, year, month = found
        days = {**dict.fromkeys(BEGINNINGS, 10), **dict.fromkeys(MIDDLES, 15)}
        return date(year, month, days[when]) if when in days else last_of(year, month)
    return _vague_period(text)


def _vague_period(text: str) -> date | None:
    """Last day of a fortnight, a quarter, half a year, a year."""
    if (match := FORTNIGHT.fullmatch(text)) and (found := _part_of_month(match["month"])):
        return date(found[1], found[2], 15) if match["n"] == "1" else last_of(found[1], found[2])
    period = re.sub(r"^fin ", "", text, flags=re.IGNORECASE).upper()
    if match := QUARTER.fullmatch(period):
        return last_of(int(match["year"] or match["y"]), 3 * int(match["n"] or match["m"]))
    if match := HALF.fullmatch(period):
        return last_of(int(match["year"]), 6 * int(match["n"]))
    year = YEAR.fullmatch(text)
    return last_of(int(year["year"]), 12) if year and fold(year["when"]) in ENDS else None


def _part_of_month(text: str) -> tuple[str, int, int] | None:
    """Word that places a date in its month (empty: the whole month), year, month."""
    for spelling in MONTH:
        match = spelling.fullmatch(text)
        parts = match.groupdict() if match else {}
        if not match or not int(parts["year"]):
            continue
        when = fold(parts.get("when") or "")
        month = int(parts["month"]) if parts.get("month") else _month(parts.get("word") or "")
        if 1 <= month <= 12 and (not when or when in BEGINNINGS | MIDDLES | ENDS):
            return when, int(parts["year"]), month
    return None


def last_of(year: int, month: int) -> date:
    """Last day of a month."""
    if not year:
        raise BadValue("date qui n'existe pas (jj/mm/aaaa attendu)")
    return date(year, month, monthrange(year, month)[1])


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
