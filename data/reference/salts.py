"""Words of a substance's name that do not make another DCI (``salts.csv``); ``data/building/substances.py`` applies them."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from data.strict import BrokenReference, Strict, Text, read_csv, reference_file

Kind = Literal["salt", "counter_ion", "qualifier", "carrier", "synonym", "beginning", "moiety"]
RENAMED: frozenset[Kind] = frozenset({"synonym", "beginning"})
_KINDS: tuple[Kind, ...] = ("salt", "counter_ion", "qualifier", "carrier", "synonym", "beginning", "moiety")


class Word(Strict):
    """A word and what it does to a name; ``dci`` is the name that a synonym or a beginning stands for."""

    kind: Kind
    name: Text
    dci: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _renames_or_not(self) -> Word:
        if (self.kind in RENAMED) is not bool(self.dci):
            needed = "obligatoire" if self.kind in RENAMED else "sans objet"
            raise ValueError(f"colonne « dci » {needed} pour le genre « {self.kind} »")
        return self


def words() -> tuple[Word, ...]:
    """Every word, in the order of the file; there is at least one of each kind."""
    path, title = reference_file("salts.csv"), "Sels et synonymes"
    found = read_csv(path, Word, title, unique=("kind", "name"))
    missing = [kind for kind in _KINDS if kind not in {word.kind for word in found}]
    if missing:
        raise BrokenReference.of(path, title, f"colonne « kind » : aucune ligne de genre {', '.join(missing)}")
    return found
