"""Mistakes in a file, in French: where, which value, what is accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

SHOWN = 3  # mistakes listed one by one; the others are counted
LISTED = 12  # accepted keys named; a table of thresholds has forty
_NAMES = (
    "id",
    "key",
    "code",
    "level",
    "indicator",
    "component",
    "link",
    "role",
)  # what an entry of a list is called by

# What was expected, by the type that pydantic gives to the mistake; values between braces come from its context.
_EXPECTED = {
    "string_type": "un texte entre guillemets",
    "int_type": "un nombre entier",
    "int_parsing": "un nombre entier",
    "bool_parsing": "true ou false",
    "path_type": "un chemin, entre guillemets",
    "date_from_datetime_parsing": "une date, comme 2026-11-25",
    "date_parsing": "une date, comme 2026-11-25",
    "date_type": "une date, comme 2026-11-25",
    "int_parsing_size": "un nombre entier plus petit",
    "int_from_float": "un nombre entier",
    "float_type": "un nombre",
    "float_parsing": "un nombre",
    "finite_number": "un nombre fini",
    "bool_type": "true ou false",
    "tuple_type": "une liste",
    "dict_type": "une table",
    "model_type": "une table",
    "greater_than": "plus de {gt}",
    "greater_than_equal": "au moins {ge}",
    "less_than": "moins de {lt}",
    "less_than_equal": "au plus {le}",
    "string_too_short": "un texte non vide",
    "too_short": "au moins {min_length} éléments",
    "too_long": "{max_length} éléments au plus",
}
_PATTERNS = {
    r"^[a-z0-9-]+$": "minuscules sans accent, chiffres et tirets",
    r"^[a-z_]+$": "minuscules sans accent et tirets bas",
    r"^[A-M]$": "une lettre de A à M",
    r"^\d\d-\d\d$": "mois-jour, comme « 10-01 »",
    r"^\d{8}$": "huit chiffres",
    r"^(\d\d|2[AB]|97\d)$": "un code de département, comme « 01 », « 2A » ou « 974 »",
    r"^\d\d$": "deux chiffres",
}
_SECRETS = ("smtp_password", "api_key")  # never written in a sentence
_TOML = {
    "Cannot overwrite a value": "clé donnée deux fois",
    "Cannot declare": "table donnée deux fois",
    "Invalid value": "valeur illisible (un texte s'écrit entre guillemets)",
    "Expected '=' after a key": "« = » attendu après une clé",
    "Unclosed array": "liste non fermée",
    "Unterminated string": "texte non fermé",
    "Illegal character '\\n'": "texte non fermé",
}


def whole(title: str, file: str, mistakes: Sequence[str]) -> str:
    """« Grille de risque (data/reference/risk_grid.toml) : … ; … ; et 2 autres erreurs. »."""
    others = len(mistakes) - SHOWN
    rest = "" if others <= 0 else " ; et une autre erreur" if others == 1 else f" ; et {others} autres erreurs"
    return f"{title} ({file}) : {' ; '.join(mistakes[:SHOWN])}{rest}."


def of_toml(failure: str) -> str:
    """A file that is not TOML, from the parser's message: the line, and what is wrong when it is a usual mistake."""
    at = re.search(r"\(at line (\d+)", failure)
    why = next((french for known, french in _TOML.items() if failure.startswith(known)), "écriture TOML invalide")
    return f"ligne {at[1]} : {why}" if at else f"fin du fichier : {why}"


def of_entry(error: ErrorDetails, data: object, model: type[BaseModel], text: str) -> str:
    """A mistake at a key of a TOML or JSON file: « criteria n° 3 « C », clé « titel » (ligne 56) : clé inconnue … »."""
    place = ", ".join(_place(error["loc"], data)) + _line(error["loc"], text)
    return f"{place} : {reason(error, model)}" if place else reason(error, model)


def of_cell(error: ErrorDetails, model: type[BaseModel], line: int) -> str:
    """A mistake in a row of a CSV file."""
    column = f", colonne « {error['loc'][0]} »" if error["loc"] else ""
    why = "valeur obligatoire absente" if error["type"] == "missing" else reason(error, model)
    return f"ligne {line}{column} : {why}"


def unknown(kind: str, name: str, accepted: Sequence[str]) -> str:
    """« clé inconnue, sans doute « title » (clés acceptées : label, title) »; ``kind``: *clé* or *colonne*."""
    near = get_close_matches(name, accepted, n=1)
    meant = f", sans doute « {near[0]} »" if near else ""
    listed = ", ".join(accepted[:LISTED]) + ("…" if len(accepted) > LISTED else "")
    return f"{kind} inconnue{meant} ({kind}s acceptées : {listed})"


def shown(value: object) -> str:
    """A value as it is written in the file, shortened."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"« {value if len(value) <= 60 else value[:59] + '…'} »"
        case list() | tuple():
            return "(une liste)"
        case dict():
            return "(une table)"
        case _:
            return str(value)[:60]


def refused(value: object, expected: str) -> str:
    """« valeur -1 refusée (attendu : au moins 0) »."""
    return f"valeur {shown(value)} refusée (attendu : {expected})"


def keys(model: type[BaseModel]) -> list[str]:
    """Keys of a model as the file writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def reason(error: ErrorDetails, model: type[BaseModel]) -> str:
    """Why a value is refused: the last part of its sentence."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "union_tag_not_found":
        return f"clé « {str(context['discriminator']).strip(chr(39))} » obligatoire absente"
    if kind == "missing":
        return "élément absent" if isinstance(error["loc"][-1], int) else "clé obligatoire absente"
    if kind == "extra_forbidden":
        owner = _model_at(model, error["loc"][:-1])
        return unknown("clé", str(error["loc"][-1]), keys(owner) if owner else [])
    if error["loc"] and error["loc"][-1] in _SECRETS:
        return f"valeur refusée (attendu : {_expected(kind, context)})"
    return refused(error["input"], _expected(kind, context))


def _expected(kind: str, context: Mapping[str, Any]) -> str:
    if kind in {"literal_error", "union_tag_invalid"}:
        named = str(context.get("expected") or context.get("expected_tags"))
        return " ou ".join(f"« {value} »" for value in re.findall(r"'([^']*)'", named))
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(context["pattern"]), f"la forme {context['pattern']}")
    return _EXPECTED.get(kind, "une autre valeur").format(**context)


def _place(location: Sequence[int | str], data: object) -> list[str]:
    """Names of the tables and entries that hold a key, then the key; entries are counted from 1."""
    parts: list[str] = []
    for number, part in enumerate(location):
        data = _inside(data, part)
        if isinstance(part, int):
            name = _name(data)
            before = location[number - 1] if isinstance(location[number - 1], str) else parts[-1]
            parts[-1] = f"{before} n° {part + 1}" + (f" {shown(name)}" if name else "")
        elif number == len(location) - 1:
            parts.append(f"clé « {part} »")
        else:
            parts.append(f"[{part}]")
    return parts


def _name(entry: object) -> str:
    """What an entry of a list calls itself; empty when it has no name."""
    if not isinstance(entry, dict):
        return ""
    return next((entry[key] for key in _NAMES if isinstance(entry.get(key), str)), "")


def _inside(data: Any, part: int | str) -> Any:
    try:
        return data[part]
    except (LookupError, TypeError):
        return None


def _line(location: Sequence[int | str], text: str) -> str:
    """Where to look in the file: the line of the key, or else that on which its table or its entry begins."""
    lines, start, rest = text.splitlines(), 0, location
    if len(location) > 1:
        heads = _heads(str(location[0]), lines, is_list=isinstance(location[1], int))
        number = location[1] if isinstance(location[1], int) else 0
        if number >= len(heads):
            return ""
        start, rest = heads[number], location[2 if isinstance(location[1], int) else 1 :]
    found = _key_line(str(rest[0]), lines, start) if len(rest) == 1 else 0
    if len(location) == 1:
        found = next(iter(_heads(str(location[0]), lines, is_list=False)), found)
    begins = f" (à partir de la ligne {start})" if start else ""
    return f" (ligne {found})" if found else begins


def _heads(name: str, lines: Sequence[str], *, is_list: bool) -> list[int]:
    """Lines of ``[[name]]``, or of ``[name]``, counted from 1."""
    opened, closed = (r"\[\[", r"\]\]") if is_list else (r"\[", r"\]")
    pattern = re.compile(rf"\s*{opened}\s*{re.escape(name)}\s*{closed}")
    return [number for number, line in enumerate(lines, 1) if pattern.match(line)]


def _key_line(key: str, lines: Sequence[str], start: int) -> int:
    """Line on which a key of a table is written; 0 when it is not there."""
    pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
    for number, line in enumerate(lines[start:], start + 1):
        if pattern.match(line):
            return number
        if line.startswith("["):
            return 0
    return 0


def _model_at(model: type[BaseModel] | None, location: Sequence[int | str]) -> type[BaseModel] | None:
    is_key = False  # of a table whose keys are free: [sources.bdpm]
    for part in location:
        if is_key:
            is_key = False
        elif isinstance(part, str) and model:
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            is_key = part in fields and get_origin(fields[part].annotation) is dict
            model = _model_in(fields[part].annotation) if part in fields else None
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside ``tuple[Band, ...]`` or ``Band | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
