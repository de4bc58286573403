"""Companies of one group (``firms.toml``): secrecy counts the group, whatever the name of the company that reports."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from connectors.language.names import firm_key, is_mixed_script
from data.strict import Identifier, Strict, Text, given_twice, read_toml, reference_file


class Group(Strict):
    """A group of companies; ``members``: names of its companies, however they are typed."""

    id: Identifier
    label: Text
    members: Annotated[tuple[Text, ...], Field(min_length=2)]
    origin: Text
    to_validate: bool

    @model_validator(mode="after")
    def _readable(self) -> Group:
        odd = [name for name in self.members if is_mixed_script(name) or not firm_key(name)]
        if odd:
            raise ValueError(f"« {odd[0]} » n'est pas un nom en lettres latines")
        return self


class Firms(Strict):
    """The whole file."""

    groups: tuple[Group, ...]

    @model_validator(mode="after")
    def _once_each(self) -> Firms:
        twice = given_twice(group.id for group in self.groups)
        if twice:
            raise ValueError(f"identifiants donnés deux fois : {twice}")
        keys = [key for group in self.groups for key in {firm_key(name) for name in group.members}]
        if given_twice(keys):
            raise ValueError(f"un nom est dans deux groupes : {given_twice(keys)}")
        return self


def firms() -> Firms:
    """The groups in force."""
    return read_toml(reference_file("firms.toml"), Firms, "Groupes de laboratoires")
