"""One cell → one typed value, or the reason (in French) why it cannot be trusted. No guessing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, Self

from stdnum import ean

from connectors.base import Field
from connectors.language.folding import fold
from connectors.reading.french import SPACES, BadValue, day_in, number_in, week_in, written
from connectors.reading.lines import CONTROLS, is_blank

__all__ = ["BadValue", "Converted", "fold", "is_blank", "parse", "parser"]

Parser = Callable[[object], Any]

MOST_BOXES = 1e12  # queries add boxes as decimals of eighteen digits
FIRST_YEAR, LAST_YEAR = 1990, 2100  # default bounds of dates; ``minimum`` and ``maximum`` of a date field are years
SERIALS = range(20_000, 80_001)  # Excel day numbers taken for dates: 1954 to 2119
SERIAL_ORIGIN = date(1899, 12, 30)
LARGEST_NUMBER = 1e15  # beyond, a float no longer holds every integer
CACHED_CELLS = 65_536  # distinct cells cached per column: 15 000 CIP13 and the usual volumes fit
FREE_TEXTS = 4_096  # fewer for texts, which may be long

CIP7 = re.compile(r"[2-5]\d{6}")  # the 20 903 CIP7 of the BDPM of 26/05/2026 all begin so; a UCD begins with 9
SCIENTIFIC = re.compile(r"[+-]?\d+([.,]\d+)?E[+-]?\d+", re.IGNORECASE)
ROUNDED = "000000"  # a code cut by scientific notation ends with zeros; no published CIP13 has more than four

EXCEL_ERRORS = frozenset(("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#VALEUR!", "#NAME?", "#NOM?", "#NUM!", "#NOMBRE!"))


def parse(field: Field, cell: object, factor: float = 1.0) -> Any:
    """Typed value of ``cell`` in the unit of ``field`` (``None`` or ``[]`` if empty); raises ``BadValue``."""
    return parser(field, factor)(cell)


@lru_cache(maxsize=1024)
def parser(field: Field, factor: float = 1.0) -> Parser:
    """``parse`` for one column, with a cache of cells already seen. ``factor`` converts numbers to the unit of the field."""
    size = FREE_TEXTS if field.kind == "text" else CACHED_CELLS
    remembered = lru_cache(maxsize=size, typed=True)(partial(_value, field, factor))
    if field.kind == "list":
        return lambda cell: list(remembered(cell))
    return remembered


class Converted(str):
    """A code that was completed: ``note`` says how, in French, ``written`` is the cell."""

    __slots__ = ("note", "written")
    note: str
    written: str

    def __new__(cls, value: str, note: str, written: str) -> Self:
        made = super().__new__(cls, value)
        made.note, made.written = note, written
        return made


def _value(field: Field, factor: float, cell: object) -> Any:
    if is_blank(cell):
        if field.required:
            raise BadValue("valeur obligatoire absente")
        return () if field.kind == "list" else None
    if isinstance(cell, str) and cell.strip().upper() in EXCEL_ERRORS:
        raise BadValue("erreur de formule dans le classeur")
    if isinstance(cell, bool):
        raise BadValue("valeur logique (VRAI ou FAUX) inattendue")
    value = KINDS[field.kind](field, cell)
    return _bounded(field, round(value * factor, 6) if factor != 1 else value)


def _bounded(field: Field, value: Any) -> Any:
    """``value`` if within the bounds of the field; an integer field must be whole after its unit factor."""
    if field.kind not in ("integer", "decimal", "percent"):
        return value
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


def _text(field: Field, cell: object) -> str:
    text = written(cell)
    if CONTROLS.search(text):
        raise BadValue("caractère de contrôle dans le texte")
    return _chosen(field, text) if field.choices else text


def _number(field: Field, cell: object) -> float:
    # JSON gives integers of any length; beyond 1e308 they have no float.
    too_long = isinstance(cell, int) and abs(cell) > LARGEST_NUMBER
    number = math.inf if too_long else float(cell) if isinstance(cell, int | float) else number_in(written(cell))
    if not math.isfinite(number) or abs(number) > LARGEST_NUMBER:
        raise BadValue("nombre hors limites")
    return number


def _percent(field: Field, cell: object) -> float:
    return _number(field, cell.strip().removesuffix("%").rstrip() if isinstance(cell, str) else cell)


def _date(field: Field, cell: object) -> date:
    day = _day(cell)
    first, last = field.minimum or FIRST_YEAR, field.maximum or LAST_YEAR
    if not first <= day.year <= last:
        raise BadValue(f"année hors des limites ({first:.0f} à {last:.0f})")
    return day


def _day(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float):
        if (isinstance(cell, float) and not math.isfinite(cell)) or int(cell) not in SERIALS:
            raise BadValue("date illisible : nombre qui n'est pas une date d'Excel")
        return SERIAL_ORIGIN + timedelta(days=int(cell))
    return day_in(written(cell))


def _datetime(field: Field, cell: object) -> datetime:
    """An instant in UTC; without an offset it is taken as UTC."""
    try:
        moment = cell if isinstance(cell, datetime) else datetime.fromisoformat(written(cell))
    except ValueError:
        raise BadValue("date et heure illisibles (AAAA-MM-JJThh:mm:ssZ attendu)") from None
    _date(field, moment)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _week(field: Field, cell: object) -> date:
    """Monday of the ISO week."""
    if monday := week_in(written(cell)):
        return _date(field, monday)
    try:
        day = _date(field, cell)
    except BadValue as error:
        raise BadValue(error.reason if "limites" in error.reason else "semaine illisible (2026-S46 attendu)") from None
    return day - timedelta(days=day.weekday())


def _choice(field: Field, cell: object) -> str:
    return _chosen(field, written(cell))


def _chosen(field: Field, text: str) -> str:
    value = _choices(field).get(fold(text))
    if value is None:
        raise BadValue(f"valeur inconnue (attendu : {', '.join(dict.fromkeys(field.choices.values()))})")
    return value


@lru_cache(maxsize=256)
def _choices(field: Field) -> dict[str, str]:
    return {fold(spelling): value for spelling, value in field.choices.items()}


def _list(field: Field, cell: object) -> tuple[str, ...]:
    parts = [SPACES.sub(" ", part).strip() for part in written(cell).split(";")]
    items = tuple(dict.fromkeys(_chosen(field, part) if field.choices else part for part in parts if part))
    if field.required and not items:
        raise BadValue("valeur obligatoire absente")
    return items


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


def _cip13(field: Field, cell: object) -> str:
    code = _digits("CIP13", 13, cell)
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
    return code


def _from_cip7(code: str) -> Converted:
    """``34009``, the CIP7, then the EAN digit: true of all the 20 903 presentations of the BDPM of 26/05/2026."""
    body = f"34009{code}"
    return Converted(body + ean.calc_check_digit(body), "CIP7 converti en CIP13", code)


def _cis(field: Field, cell: object) -> str:
    code = _digits("CIS", 8, cell)
    if len(code) != 8:
        raise BadValue("code CIS : 8 chiffres attendus")
    return code


KINDS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "integer": _number,
    "decimal": _number,
    "percent": _percent,
    "date": _date,
    "datetime": _datetime,
    "week": _week,
    "choice": _choice,
    "list": _list,
    "cip13": _cip13,
    "cis": _cis,
}
