"""Firms: what secrecy counts. Names of one company, and companies of one group, stand behind a figure as one.

A laboratory that no public source knows, or whose name mixes alphabets, is nobody until the steward has answered: it
may be one of the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from connectors.language.names import firm_key, is_mixed_script
from data.building.identity import HOLDERS, Identity
from data.journal.decisions import NameAnswer
from data.reference.firms import Group
from data.warehouse import Writer

KINDS = ("grossiste", "laboratoire")
TABLE = pa.schema([(name, pa.string()) for name in ("kind", "name", "firm", "known_by")])
GROUP = "groupe:"  # no folded name holds a colon


@dataclass(frozen=True)
class Firm:
    """``key``: None counts as nobody. ``known_by``: what identifies it, empty when nothing does."""

    key: str | None
    known_by: str


def firms_of(
    identities: Sequence[Identity], answers: Iterable[NameAnswer], groups: Iterable[Group]
) -> dict[tuple[str, str], Firm]:
    """The firm of each wholesaler and laboratory, by kind and name in force."""
    answered = list(answers)
    group_of = {firm_key(name): f"{GROUP}{group.id}" for group in groups for name in group.members}
    found = {}
    for kind in KINDS:
        named = [item for item in identities if item.kind == kind]
        one = _together(named, group_of)
        public = {one[key] for item in named for key in _public_keys(item)}
        asked = {key for answer in answered if answer.kind == kind for key in (answer.key, answer.other_key) if key}
        own = {answer.key for answer in answered if answer.kind == kind and not answer.is_same}
        for item in named:
            found[kind, item.name] = _firm(item, {one[key] for key in _keys(item)}, public, asked, own)
    return found


def _firm(item: Identity, keys: set[str], public: set[str], asked: set[str], own: set[str]) -> Firm:
    is_unread = any(is_mixed_script(spelling.text) and spelling.key not in asked for spelling in item.spellings)
    # Several holders of one authorisation that are not one firm: nothing says which of them sells.
    key = next(iter(keys)) if len(keys) == 1 else ""
    known_by = next(
        words
        for words, is_known in (
            ("fichiers reçus", item.kind == "grossiste"),  # no public source lists them
            ("référentiel public", key in public),
            ("table des groupes", key.startswith(GROUP)),
            ("gestionnaire", any(spelling.key in own for spelling in item.spellings)),
            ("", True),
        )
        if is_known
    )
    return Firm(None, "") if is_unread or not key or not known_by else Firm(key, known_by)


def _together(named: Sequence[Identity], group_of: dict[str, str]) -> dict[str, str]:
    """The one key that stands for each: keys of one name, and names of one group, are together."""
    stands: dict[str, str] = {}

    def root(key: str) -> str:
        while stands.setdefault(key, key) != key:
            key = stands[key]
        return key

    for item in named:
        # A name that lists several holders does not make them one.
        linked = {key for spelling in item.spellings if ";" not in spelling.text for key in _keys_of(spelling.text)}
        for key in {*linked, *_keys(item)}:
            root(key)
            if key in group_of:
                _join(stands, root(group_of[key]), root(key))
        for key in linked:
            _join(stands, root(min(linked)), root(key))
    return {key: root(key) for key in list(stands)}


def _join(stands: dict[str, str], one: str, other: str) -> None:
    """A group names those that it holds."""
    first, last = sorted((one, other), key=lambda key: (not key.startswith(GROUP), key))
    stands[last] = first


def _keys(item: Identity) -> set[str]:
    return {key for spelling in item.spellings for key in _keys_of(spelling.text)}


def _keys_of(text: str) -> Iterator[str]:
    """The public referential separates the holders of one authorisation by semicolons."""
    yield from (firm_key(part) for part in text.split(";") if part.strip())


def _public_keys(item: Identity) -> Iterator[str]:
    for spelling in item.spellings:
        if spelling.lake_table == HOLDERS:
            yield from _keys_of(spelling.text)


def write(writer: Writer, firms: Mapping[tuple[str, str], Firm], waiting: Collection[tuple[str, str]] = ()) -> None:
    """The table ``firm``. A name about which a question waits (``names.py``) is nobody."""
    rows = [
        {"kind": kind, "name": name, "firm": firm.key, "known_by": firm.known_by or None}
        for (kind, name), firm in sorted(firms.items())
    ]
    rows = [row | {"firm": None, "known_by": None} if (row["kind"], row["name"]) in waiting else row for row in rows]
    writer.table("firm", pa.Table.from_pylist(rows, schema=TABLE))
