"""Words for the codes that tables hold: no exported file shows ``a_jour``."""

from __future__ import annotations

import re

import pandas as pd

from pages.components import format as fr
from pages.components import tokens

YES, NO = "oui", "non"
_STATE = {code: word for code, (word, _) in tokens.QUALIFYING.items()} | {
    code: look.word for code, look in tokens.REPLACING.items()
}
_COVERAGE = {code: look.word for code, look in tokens.STATUS.items()}
_DECLARATION = {"ouverte": "Ouverte", "close": "Close"}
_KIND = {**tokens.KIND_LABEL, "dci": "DCI", "groupe": "Groupe suivi", "grossiste": "Grossiste-répartiteur"}
_PROMISE = {"retour": "Retour", "approvisionnement": "Approvisionnement"}
_PLACE = {"departement": "Département", "national": "National"}

# Last words of a column's name → words of its codes; the longest end that fits decides.
BY_COLUMN: dict[str, dict[str, str]] = {
    "figure_state": {"a_jour": "À jour", **_STATE},
    "weakest_state": {"a_jour": "À jour", **_STATE},
    "state": tokens.SOURCE_STATE_LABEL,
    "status": _COVERAGE | _DECLARATION,
    "status_before": _COVERAGE,
    "status_after": _COVERAGE,
    "link": tokens.LINK_LABEL,
    "kind": _KIND,
    "tension": {**tokens.TENSION_LABEL, "aucune": "Aucune"},
    "promise": _PROMISE,
    "place": _PROMISE,
    "level": _PLACE,
    "denominator": {
        "current": "Demande courante",
        "legal": "Référence légale",
        "members": "Ventes de tous les adhérents",
    },
    "surveillance": {"epidemic": "Épidémies", "vigilance": "Vigilance canicule", "none": "Aucune"},
    "span": {"mois": "Mois", "cumul": "Depuis janvier"},
    "component": {"vulnerabilite": "Vulnérabilité"},
    "scope": {"dci": "DCI", "classe": "Classe ATC"},
    "fact": {"generique": "Générique", "procedure": "Procédure"},
    "rule": {"ecart": "Écart", "unite": "Unité", "hors_bornes": "Hors bornes"},
}
_CODE = re.compile(r"[a-z]+(_[a-z0-9]+)*")
_NAMES_OF_THINGS = ("_key", "_id", "_no", "login", "file_name", "firm", "column_name", "value", "sheet", "row_ref")


def words(name: str, values: pd.Series) -> pd.Series:
    """The column with its codes in words; texts that are no codes, and names of things, are kept."""
    known = {value for value in values if isinstance(value, str)} if values.dtype.kind == "O" else set()
    if not known or name.endswith(_NAMES_OF_THINGS):
        return values
    labels = _codes_of(name)
    translated = {code: labels[code] for code in known if code in labels}
    if all(_CODE.fullmatch(code) for code in known):
        translated |= {code: spoken(code) for code in known if "_" in code and code not in translated}
    return (
        values.map(lambda value: translated.get(value, value) if isinstance(value, str) else value)
        if translated
        else values
    )


def spoken(code: str) -> str:
    """``date_due`` → « Date due »: a code that has no words of its own."""
    text = code.replace("_", " ")
    return text[:1].upper() + text[1:]


def in_words(name: str, sentence: str) -> str:
    """A sentence about a column, the codes it names in words: « a_jour, estime » → « à jour, estimé »."""
    labels = {code: word for code, word in _codes_of(name).items() if code != word.lower()}
    if not labels:
        return sentence
    return re.sub(r"\b(" + "|".join(map(re.escape, labels)) + r")\b", lambda found: labels[found[0]].lower(), sentence)


def _codes_of(name: str) -> dict[str, str]:
    ends = [end for end in BY_COLUMN if name == end or name.endswith(f"_{end}")]
    return BY_COLUMN[max(ends, key=len)] if ends else {}


def boolean(value: object) -> str:
    """« oui » or « non »."""
    return fr.UNKNOWN if fr.missing(value) else (YES if value else NO)
