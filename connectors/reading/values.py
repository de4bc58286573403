"""One cell → one typed value, or the reason (in French) why it cannot be trusted. No guessing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, Literal, Self

from stdnum import ean

from connectors.base import Field
from connectors.language.causes import SPELLINGS
from connectors.language.folding import fold
from connectors.reading.french import (
    EIGHT_DIGITS,
    LONGEST_DATE,
    MONTHS_SHOWN,
    NUMERIC_DATE,
    SIX_DIGITS,
    SPACES,
    BadValue,
    Marks,
    Order,
    SixDigits,
    ambiguous_day,
    ambiguous_number,
    both_readings,
    day_in,
    is_unknown,
    month_in,
    number_in,
    vague_day,
    week_in,
    written,
)
from connectors.reading.lines import CONTROLS, Percent, is_blank, plain
from connectors.reading.lists import values_in

__all__ = [
    "BadValue",
    "Convention",
    "Converted",
    "Noted",
    "fold",
    "is_blank",
    "noting_parser",
    "parse",
    "parser",
    "value_of",
]

Parser = Callable[[object], Any]

MOST_BOXES = 1e12  # queries add boxes as decimals of eighteen digits
FIRST_YEAR, LAST_YEAR = 1990, 2100  # default bounds of dates; ``minimum`` and ``maximum`` of a date field are years
# What software writes for no date: zero of Excel, of SQL Server, of Unix, and the year one.
PLACEHOLDERS = frozenset(
    date(*parts)
    for parts in (
        *((1, 1, 1), (1000, 1, 1), (1753, 1, 1), (1800, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1)),
        *((1900, 1, 2), (1901, 1, 1), (1904, 1, 1), (1904, 1, 2), (1960, 1, 1), (1970, 1, 1)),
    )
)
PLACEHOLDERS_FROM = 2098  # year
ZERO_DATE = re.compile(r"0{1,2}[/.-]0{1,2}[/.-]0{2,4}|0000-00-00([T ].*)?|0{1,2}[/.-]0?1[/.-]1900|1900-01-00")
ZERO_SERIALS = (0, 1, 2, 2_958_465)  # 00/01/1900 and 31/12/9999
SERIALS = range(20_000, 80_001)  # Excel day numbers taken for dates: 1954 to 2119
SERIAL_ORIGIN = date(1899, 12, 30)
LARGEST_NUMBER = 1e15  # beyond, a float no longer holds every integer
CACHED_CELLS = 65_536  # distinct cells cached per column: 15 000 CIP13 and the usual volumes fit
FREE_TEXTS = 4_096  # fewer for texts, which may be long

LONGEST_LIST = 4_000  # characters of a cell that lists values
LONGEST_QUOTED, MOST_QUOTED = 80, 5  # characters and number of the values a remark repeats
NUMBERS = frozenset(("integer", "decimal", "percent"))
UNKNOWABLE = NUMBERS | {"date"}  # a dash or « n.c. » stands for an unknown value
CIP13 = re.compile(r"34009[0-9]{8}")
GTIN = re.compile(
    r"(?:01)?0(?P<cip13>34009[0-9]{8})"
)  # with its indicator digit, and the application identifier of a bar code
SEPARATORS = re.compile(r"[.\-–'’()]")
CIP7 = re.compile(r"[2-5]\d{6}")  # the 20 903 CIP7 of the BDPM of 26/05/2026 all begin so; a UCD begins with 9
SCIENTIFIC = re.compile(r"[+-]?\d+([.,]\d+)?E[+-]?\d+", re.IGNORECASE)
ROUNDED = "000000"  # a code cut by scientific notation ends with zeros; no published CIP13 has more than four

EXCEL_ERRORS = frozenset(("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#VALEUR!", "#NAME?", "#NOM?", "#NUM!", "#NOMBRE!"))


@dataclass(frozen=True, slots=True)
class Convention:
    """How the cells of one column are read: what one cell leaves open, the others may prove.

    ``factor`` converts numbers to the unit of the field. ``marks``: of thousands and decimals, ``assumed`` when nothing proves that the comma is
    French; ``short_decimals``: some
    cells have fewer than three. ``order``: of day and month; ``swapped``: days the spreadsheet recognised may be
    inverted. ``six_digits``: what ``202610`` is in a column of days. ``small_percents``: what a bare percentage of at most 1 is. ``weeks``: labels to doubt, with the reason.
    """

    factor: float = 1.0
    marks: Marks = "assumed"
    short_decimals: bool = False
    order: Order = "day"
    swapped: bool = False
    six_digits: SixDigits = ""
    small_percents: Literal["points", "as others", "ambiguous"] = "points"
    weeks: tuple[tuple[str, str], ...] = ()


ALONE = Convention()  # a cell read without its column


@dataclass(frozen=True, slots=True)
class Noted:
    """A value whose reading deserves a remark; ``once``: one remark is enough for the column."""

    value: Any
    note: str
    written: str
    once: bool = False


def parse(field: Field, cell: object, factor: float = 1.0) -> Any:
    """Typed value of ``cell`` in the unit of ``field`` (``None`` or ``[]`` if empty); raises ``BadValue``."""
    return parser(field, factor)(cell)


@lru_cache(maxsize=1024)
def parser(field: Field, factor: float = 1.0) -> Parser:
    """``parse`` for one column. ``factor`` converts numbers to the unit of the field."""
    read = noting_parser(field, replace(ALONE, factor=factor))
    return lambda cell: value_of(read(cell))


@lru_cache(maxsize=1024)
def noting_parser(field: Field, convention: Convention) -> Parser:
    """Reader of one column, with a cache of cells already seen; gives a ``Noted`` when a remark is due."""
    size = FREE_TEXTS if field.kind == "text" else CACHED_CELLS
    remembered = lru_cache(maxsize=size, typed=True)(partial(_value, field, convention))
    if field.kind == "list":
        return lambda cell: _listed(remembered(cell))
    return remembered


def _listed(value: Any) -> Any:
    return replace(value, value=list(value.value)) if isinstance(value, Noted) else list(value)


def value_of(read: Any) -> Any:
    """The value, without its remark."""
    return read.value if type(read) is Noted else read


class Converted(str):
    """A code that was completed: ``note`` says how, in French, ``written`` is the cell."""

    __slots__ = ("note", "written")
    note: str
    written: str

    def __new__(cls, value: str, note: str, written: str) -> Self:
        made = super().__new__(cls, value)
        made.note, made.written = note, written
        return made


def _value(field: Field, convention: Convention, cell: object) -> Any:
    if is_blank(cell):
        if field.required:
            raise BadValue("valeur obligatoire absente")
        return () if field.kind == "list" else None
    if isinstance(cell, str) and cell.strip().upper() in EXCEL_ERRORS:
        raise BadValue("erreur de formule dans le classeur")
    if isinstance(cell, bool):
        raise BadValue("valeur logique (VRAI ou FAUX) inattendue")
    if field.kind in UNKNOWABLE and is_unknown(cell):
        return _unknown(field, written(cell))
    if field.kind not in NUMBERS:
        return KINDS[field.kind](field, cell, convention)
    read, factor = KINDS[field.kind](field, cell, convention), convention.factor
    number = value_of(read)
    number = _bounded(field, round(number * factor, 6) if factor != 1 else number)
    return replace(read, value=number) if isinstance(read, Noted) else number


def _unknown(field: Field, text: str) -> Noted:
    """A dash or « n.c. » is no value: an optional cell is left empty, with a remark."""
    number = field.kind in NUMBERS
    if field.required or field.key:
        expected = "zéro ou inconnu ? Un nombre est attendu, 0 pour zéro" if number else "une date est attendue"
        raise BadValue(f"« {text} » : {expected}")
    zero = " ; écrire 0 pour zéro" if number else ""
    return Noted(None, f"« {text} » lu comme une valeur inconnue{zero}", text)


def _bounded(field: Field, value: Any) -> Any:
    """``value`` if within the bounds of the field; an integer field must be whole after its unit factor."""
    if field.kind == "integer":
        if value != int(value):
            raise BadValue("nombre entier attendu")
        value = int(value)
    if field.minimum is not None and value < field.minimum:
        if value < 0:
            raise BadValue(f"valeur négative : {field.minimum:g} ou plus attendu".replace(".", ","))
        raise BadValue(f"valeur inférieure au minimum ({field.minimum:g})")
    if field.unit.startswith("boîte") and value > MOST_BOXES:
        raise BadValue("plus de mille milliards de boîtes : nombre impossible, à vérifier")
    if field.maximum is not None and value > field.maximum:
        raise BadValue(f"valeur supérieure au maximum ({field.maximum:g})")
    return value


def _text(field: Field, cell: object, _: Convention) -> str:
    text = written(cell)
    if CONTROLS.search(text):
        raise BadValue("caractère de contrôle dans le texte")
    return _chosen(field, text) if field.choices else text


def _number(field: Field, cell: object, convention: Convention) -> Any:
    if isinstance(cell, Percent) and not is_percentage(field):
        raise BadValue("nombre au format pourcentage dans une colonne qui n'en attend pas")
    return _percent(field, cell, convention) if is_percentage(field) else _plain_number(field, cell, convention)


def is_percentage(field: Field) -> bool:
    return field.kind == "percent" or field.unit == "%"


def _plain_number(field: Field, cell: object, convention: Convention) -> Any:
    # JSON gives integers of any length; beyond 1e308 they have no float.
    too_long = isinstance(cell, int) and abs(cell) > LARGEST_NUMBER
    read: Any = (
        math.inf
        if too_long
        else float(cell)
        if isinstance(cell, int | float)
        else _written_number(field, written(cell), convention)
    )
    number = value_of(read)
    if not math.isfinite(number) or abs(number) > LARGEST_NUMBER:
        raise BadValue("nombre hors limites")
    return read


def _written_number(field: Field, text: str, convention: Convention) -> Any:
    """``1,234`` and ``1.234`` are read as the other cells of their column prove, else refused with both readings."""
    readings = both_readings(text)
    if readings is None:
        return number_in(text)
    decimal, thousands = readings
    padded = (
        convention.short_decimals and "," in text and text.endswith("0")
    )  # no program writes « 1,200 » and « 12,5 » in one column
    french = (convention.marks == "french" and not padded) or (convention.marks == "assumed" and "," in text)
    if not french and convention.marks != "english":
        possible = [number for number in readings if _within(field, number * convention.factor)]
        if len(possible) == 1:
            return possible[0]
        raise BadValue(ambiguous_number(text))
    if ("," in text) == french:
        number, proof = decimal, "décimales"
    else:
        number, proof = thousands, "milliers"
    if french and "," in text:
        return number
    return Noted(number, f"« {text} » lu {plain(number)} : la colonne sépare ainsi les {proof}", text, once=True)


def _within(field: Field, number: float) -> bool:
    whole = field.kind != "integer" or number == int(number)
    low, high = field.minimum, field.maximum
    return whole and (low is None or number >= low) and (high is None or number <= high)


def _percent(field: Field, cell: object, convention: Convention) -> Any:
    if isinstance(cell, Percent):
        if not math.isfinite(cell):
            raise BadValue("nombre hors limites")
        points = round(float(cell) * 100, 6)
        return Noted(
            points, f"cellules au format pourcentage : {plain(float(cell))} lu {plain(points)} %", str(cell), once=True
        )
    if isinstance(cell, str) and cell.strip().endswith("%"):
        return _plain_number(field, cell.strip().removesuffix("%").rstrip(), convention)
    read = _plain_number(field, cell, convention)
    number = value_of(read)
    if not number or abs(number) > 1 or convention.small_percents == "points":
        return read
    text, hundredfold = written(cell), plain(round(number * 100, 6))
    if convention.small_percents == "ambiguous":
        raise BadValue(
            f"pourcentage ambigu : « {text} » est-il {plain(number)} % ou {hundredfold} % ? Aucun autre de la colonne ne dépasse"
            " 1 ; l'écrire avec le signe %"
        )
    return Noted(
        number,
        f"« {text} » lu {plain(number)} % et non {hundredfold} % : les autres pourcentages vont jusqu'à 100",
        text,
        once=True,
    )


def _date(field: Field, cell: object, convention: Convention) -> Any:
    if field.kind == "date" and _is_zero(cell):
        return _no_date(field, written(cell))
    read = _day(field, cell, convention)
    day = value_of(read)
    first, last = field.minimum or FIRST_YEAR, field.maximum or LAST_YEAR
    is_within = first <= day.year <= last
    is_believed = is_within and (field.waits or not _is_end(day))
    if field.kind == "date" and not is_believed and (day in PLACEHOLDERS or _is_end(day)):
        return _no_date(field, f"{day:%d/%m}/{day.year:04}")
    if not is_within:
        raise BadValue(f"année hors des limites ({first:.0f} à {last:.0f})")
    return read


def _is_end(day: date) -> bool:
    """The first or the last day of a year that nothing decided today reaches: 31/12/2099, 01/01/2100, 31/12/9999."""
    return day.year >= PLACEHOLDERS_FROM and (day.day, day.month) in ((1, 1), (31, 12))


def _is_zero(cell: object) -> bool:
    """The zero of a spreadsheet or of a database, and the last day of a spreadsheet, as they may be typed."""
    if isinstance(cell, str):
        return ZERO_DATE.fullmatch(cell.strip()) is not None
    return isinstance(cell, int | float) and cell in ZERO_SERIALS


def _no_date(field: Field, text: str) -> Noted:
    """A day put for an unknown one, where no rule of ``27_dates.sql`` makes it wait: no date, with a remark."""
    if field.required or field.key or field.waits:
        raise BadValue(f"« {text} » est mis pour une date inconnue : une date est attendue")
    return Noted(None, f"« {text} » est mis pour une date inconnue : lu sans date", text)


def _day(field: Field, cell: object, convention: Convention) -> Any:
    if isinstance(cell, datetime | date):
        return _shown_day(cell.date() if isinstance(cell, datetime) else cell, convention)
    if isinstance(cell, int | float) and not _is_digits(written(cell)):
        if (isinstance(cell, float) and not math.isfinite(cell)) or int(cell) not in SERIALS:
            raise BadValue("date illisible : nombre qui n'est pas une date d'Excel")
        return _shown_day(SERIAL_ORIGIN + timedelta(days=int(cell)), convention)
    text = written(cell)
    try:
        day = day_in(text, convention.order)
    except BadValue as error:
        is_vague = "illisible" in error.reason and field.kind == "date"
        if is_vague and (vague := vague_day(text, convention.six_digits)):
            return _approximate(field, text, vague)
        raise
    if convention.order == "month" and (match := NUMERIC_DATE.match(SPACES.sub(" ", text))) and match[1] != match[2]:
        return Noted(day, f"dates écrites mois d'abord : « {text} » lu {day:%d/%m/%Y}", text, once=True)
    return day


def _is_digits(text: str) -> bool:
    """A month or a day that software wrote as one number."""
    return SIX_DIGITS.fullmatch(text) is not None or EIGHT_DIGITS.fullmatch(text) is not None


def _shown_day(day: date, convention: Convention) -> date:
    """A day that a spreadsheet recognised; in a column written month first, it may have taken 11/02 for the 11th of February."""
    if convention.swapped and day.day <= 12 and day.day != day.month:
        raise BadValue(ambiguous_day(f"{day:%d/%m/%Y}", day.day, day.month, day.year))
    return day


def _approximate(field: Field, text: str, day: date) -> Noted:
    if field.required or field.key:
        raise BadValue(f"date approximative (« {text} ») : un jour est attendu, par exemple {day:%d/%m/%Y}")
    return Noted(day, f"date approximative « {text} » lue {day:%d/%m/%Y}", text)


def _datetime(field: Field, cell: object, _: Convention) -> datetime:
    """An instant in UTC; without an offset it is taken as UTC."""
    try:
        moment = cell if isinstance(cell, datetime) else datetime.fromisoformat(written(cell))
    except ValueError:
        raise BadValue("date et heure illisibles (AAAA-MM-JJThh:mm:ssZ attendu)") from None
    _date(field, moment, ALONE)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _week(field: Field, cell: object, convention: Convention) -> Any:
    """Monday of the ISO week."""
    text = written(cell)
    if monday := week_in(text):
        read = _date(field, monday, ALONE)
        for label, reason in convention.weeks:
            if label == text:
                raise BadValue(reason)
        return read
    try:
        read = _date(field, cell, convention)
    except BadValue as error:
        if "limites" in error.reason or "ambiguë" in error.reason:
            raise
        raise BadValue(_no_week(text)) from None
    day = value_of(read)
    monday = day - timedelta(days=day.weekday())
    return replace(read, value=monday) if isinstance(read, Noted) else monday


def _no_week(text: str) -> str:
    if month := month_in(text[:LONGEST_DATE]):
        return f"« {text} » est un mois (de {MONTHS_SHOWN[month[1] - 1]}), une semaine est attendue (2026-S46)"
    return "semaine illisible (2026-S46 attendu)"


def _choice(field: Field, cell: object, _: Convention) -> str:
    return _chosen(field, written(cell))


def _chosen(field: Field, text: str) -> str:
    value = _choices(field).get(fold(text))
    if value is not None:
        return value
    several = values_in(text, lambda part: fold(part) in _choices(field)) if len(text) <= LONGEST_LIST else []
    if len(several) > 1 and all(fold(part) in _choices(field) for part in several):
        raise BadValue(f"plusieurs valeurs dans une cellule (« {' », « '.join(several)} ») : une ligne par valeur")
    raise BadValue(f"valeur inconnue (attendu : {', '.join(_expected(field))})")


def _expected(field: Field) -> Iterable[str]:
    """Values of a list; one kept as a code is said by its first spelling in words."""
    words: dict[str, str] = {}
    for spelling, value in field.choices.items():
        if value not in words or (words[value].isdigit() and not spelling.isdigit()):
            words[value] = spelling if value.isdigit() else value
    return words.values()


@lru_cache(maxsize=256)
def _choices(field: Field) -> dict[str, str]:
    return {fold(spelling): value for spelling, value in field.choices.items()}


def _list(field: Field, cell: object, _: Convention) -> Any:
    known = _choices(field) if field.choices else SPELLINGS
    text = written(cell)
    if len(text) > LONGEST_LIST:
        raise BadValue("texte trop long pour une liste")
    parts = values_in(text, lambda part: fold(part) in known, loosely=bool(field.choices))
    if field.required and not parts:
        raise BadValue("valeur obligatoire absente")
    if field.choices:
        return tuple(dict.fromkeys(_chosen(field, part) for part in parts))
    items = tuple(dict.fromkeys(known.get(fold(part), part) for part in parts))
    strange = [part for part in items if fold(part) not in known]
    if not strange:
        return items
    unknown = ", ".join(f"« {part[:LONGEST_QUOTED]} »" for part in strange[:MOST_QUOTED])
    return Noted(items, f"cause inconnue de la liste : {unknown}", text[:LONGEST_QUOTED])


def _digits(kind: str, length: int, cell: object) -> str:
    """Digits of a code; raises ``BadValue`` when a spreadsheet turned it into a quantity."""
    text = SPACES.sub("", written(cell)).removesuffix(".0").removesuffix(",0")
    if SCIENTIFIC.fullmatch(text):
        raise BadValue(
            f"code {kind} : écrit {text} par le tableur, ses derniers chiffres sont perdus (format texte attendu)"
        )
    if not (text.isascii() and text.isdigit()):
        raise BadValue(f"code {kind} : {length} chiffres attendus")
    return text


def _cip13(field: Field, cell: object, _: Convention) -> str:
    code, note = _bare_cip13(cell)
    code = _digits("CIP13", 13, code)
    if CIP7.fullmatch(code):
        return _from_cip7(code)
    if len(code) != 13:
        raise BadValue("code CIP13 : 13 chiffres attendus")
    if not code.startswith("34009"):
        raise BadValue("code CIP13 : doit commencer par 34009")
    if code.endswith(ROUNDED):
        raise BadValue("code CIP13 : arrondi par le tableur, ses derniers chiffres sont perdus")
    if not ean.is_valid(code):
        raise BadValue("code CIP13 : clé de contrôle fausse")
    return Converted(code, note, written(cell)) if note else code


def _bare_cip13(cell: object) -> tuple[object, str]:
    """The thirteen digits of a code written with separators, or as a GTIN, and the remark; else the cell itself."""
    text = SPACES.sub("", written(cell))
    digits = SEPARATORS.sub("", text)
    if digits == text and not GTIN.fullmatch(digits):
        return cell, ""
    if match := GTIN.fullmatch(digits):
        return match["cip13"], "GTIN lu comme le CIP13 qu'il contient"
    return (digits, "CIP13 écrit avec des séparateurs") if CIP13.fullmatch(digits) else (cell, "")


def _from_cip7(code: str) -> Converted:
    """``34009``, the CIP7, then the EAN digit: true of all the 20 903 presentations of the BDPM of 26/05/2026."""
    body = f"34009{code}"
    return Converted(body + ean.calc_check_digit(body), "CIP7 converti en CIP13", code)


def _cis(field: Field, cell: object, _: Convention) -> str:
    code = _digits("CIS", 8, cell)
    if len(code) != 8:
        raise BadValue("code CIS : 8 chiffres attendus")
    return code


KINDS: dict[str, Callable[[Field, Any, Convention], Any]] = {
    "text": _text,
    "integer": _number,
    "decimal": _number,
    "percent": _number,
    "date": _date,
    "datetime": _datetime,
    "week": _week,
    "choice": _choice,
    "list": _list,
    "cip13": _cip13,
    "cis": _cis,
}
