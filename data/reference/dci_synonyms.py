"""Names that split a DCI without a pharmacological reason (``dci_synonyms.csv``), each with its reason.

``salts.csv`` drops what is not the substance (salts, hydrates, spellings); these lines join substances: species, strain,
carrier protein, grade. A line that is a judgement is marked to be validated.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from connectors.language.folding import unaccented_in_place as folded
from data.strict import BrokenReference, Strict, Text, read_csv, reference_file
from data.strict.sentences import refused

TITLE = "Synonymes de DCI"


def _yes_or_no(text: object) -> object:
    if text not in ("oui", "non"):
        raise ValueError(refused(text, "« oui » ou « non »"))
    return text == "oui"


class Synonym(Strict):
    """``name`` after ``salts.csv``: a whole name, or the beginning of names that end with a strain or a carrier."""

    match: Literal["exact", "beginning"]
    name: Text
    dci: Text
    reason: Text
    to_validate: Annotated[bool, BeforeValidator(_yes_or_no)]

    @model_validator(mode="after")
    def _renames(self) -> Synonym:
        if folded(self.name) == folded(self.dci) and self.match == "exact":
            raise ValueError(f"« {self.name} » se remplace par lui-même")
        return self

    @cached_property
    def folded_name(self) -> str:
        """The name as it is compared."""
        return folded(self.name)

    def takes(self, folded_name: str) -> bool:
        """Whether it renames a name."""
        if self.match == "exact":
            return folded_name == self.folded_name
        return folded_name.startswith(self.folded_name)


def synonyms() -> tuple[Synonym, ...]:
    """Every line, in the order of the file. A DCI that another line renames is refused: the result would depend on order."""
    path = reference_file("dci_synonyms.csv")
    found = read_csv(path, Synonym, TITLE, unique=("match", "name"))
    targets = {line.dci: folded(line.dci) for line in found}
    chained = [
        f"colonne « dci » : « {dci} », nom que la ligne « {other.name} » remplace par « {other.dci} »"
        for dci in sorted(targets)
        for other in found
        if other.dci != dci and other.takes(targets[dci])
    ]
    if chained:
        raise BrokenReference.of(path, TITLE, *chained)
    return found
