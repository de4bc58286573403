"""What travels beside the figures: the mark, the choices of the reader, dates, sources, what each column says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.language.typography import french
from data.warehouse import Reader
from metrics import methods
from pages.components.exports import labels
from pages.components.exports.stamp import NONE, Stamp

Lines = list[tuple[str, str]]
_INTERNAL = ("État", "Seuils", "Calcul")  # lines of a query that name settings and tables
_NO_UNIT = ("date", "%")
_OF_THE_PAGE = re.compile(r"_(label|text|month|year)$")  # what a page adds to the name of a column it writes in words


@dataclass(frozen=True)
class Meaning:
    """What the columns of a table say, by heading; and how its figures are made: label, words."""

    columns: Mapping[str, str] = field(default_factory=dict)
    method: Mapping[str, str] = field(default_factory=dict)


def head(context: Mapping[str, str], stamp: Stamp = NONE) -> Lines:
    """The mark first, what the file is, what the reader chose, then its dates; a choice is not repeated."""
    chosen = [(str(name), french(str(value))) for name, value in context.items()]
    entries = [(label, words) for label, words in stamp.lines() if label not in context]
    mark = [(stamp.kind.name, stamp.kind.words)] if stamp.kind else []
    return [*mark, entries[0], *chosen, *entries[1:]]


def sections(context: Mapping[str, str], stamp: Stamp, meaning: Meaning) -> list[tuple[str, Lines]]:
    """Those of the notice sheet, each with its title; an empty one is left out."""
    found = [
        ("Ce fichier", head(context, stamp)),
        ("Sources", [_pair(line) for line in stamp.sources()]),
        ("Colonnes", list(meaning.columns.items())),
        ("Méthode", list(meaning.method.items())),
    ]
    return [(title, lines) for title, lines in found if lines]


def _pair(source: str) -> tuple[str, str]:
    name, _, when = source.rpartition(", ")
    return name, french(f"jusqu'au {when}")


def meaning(reader: Reader, columns: Mapping[str, str], source: str = "") -> Meaning:
    """For the columns asked for (name → heading) of the table ``source``."""
    return Meaning(described(reader, columns, source), method(source))


def described(reader: Reader, columns: Mapping[str, str], source: str) -> dict[str, str]:
    """French heading → what the column says, its unit, and what its empty cells mean.

    A column missing from the table ``source`` is described when every table that has it describes it alike.
    """
    own = {row["column_name"]: row for row in methods.columns(reader, source)} if source else {}
    common = methods.common_columns(reader)
    meanings = {}
    for name, title in columns.items():
        plain = _OF_THE_PAGE.sub("", name)
        row = next((known[key] for known in (own, common) for key in (name, plain) if key in known), None)
        if row:
            meanings[title] = labels.in_words(plain, _meaning(row))
    return meanings


def _meaning(row: Mapping[str, Any]) -> str:
    unit, words = str(row["unit"] or ""), str(row["description"]).lower()
    unit = "" if not unit or unit in _NO_UNIT or unit in words else f" En {unit}."
    empty = f" Case vide : {row['empty']}." if row["empty"] else ""
    return french(f"{row['description']}.{unit}{empty}")


def method(source: str) -> dict[str, str]:
    """Head of the query that fills the table: its question, then its lines."""
    query = methods.methods().get(source)
    if query is None:
        return {}
    notes = {"Question": query.question} | {label.capitalize(): words for label, words in query.method.items()}
    return {label: french(words) for label, words in notes.items() if label not in _INTERNAL}
