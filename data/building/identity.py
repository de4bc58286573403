"""One identity for what partners name or number: later queries compare one spelling, the first received.

The lake keeps what was typed. Between it and the queries, each view of a column with ``names`` in its header table shows the name in force: spellings that
differ by typography are one; two names that a steward declared the same are one too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

import pyarrow as pa

from connectors.base import declared_tables
from connectors.language.names import identity_key, is_mixed_script
from data.building.substances import dci_key
from data.journal.decisions import NameAnswer
from data.reference.plans import Plan
from data.warehouse import Writer

Kind = Literal["grossiste", "laboratoire", "déclaration", "arrêt", "sujet", "site", "acteur"]
TYPED = "_as_typed"  # suffix of the views that show spellings as received
DCI = "dci:"
EVERY_SUBJECT = "*"


@dataclass(frozen=True)
class Named:
    """A column that names a participant or an item."""

    lake_table: str
    column: str
    kind: Kind


HOLDERS = "bdpm_speciality"  # the public referential: its holders are known firms
# Names that nobody sends: no question is asked about them, and they are chosen last, in this order (closed declarations
# are published in lower case).
PUBLIC = (HOLDERS, "historique_declaration")


@dataclass(frozen=True)
class Spelling:
    """A name as typed; ``order``: of its first reception."""

    kind: Kind
    text: str
    lake_table: str
    order: tuple[int, str, int]

    @property
    def key(self) -> str:
        return identity_key(self.text)


@dataclass(frozen=True)
class Identity:
    """A participant or an item: its name in force, and every spelling received, in the order of reception."""

    kind: Kind
    key: str
    name: str
    spellings: tuple[Spelling, ...]


IDENTITIES = pa.schema(
    [*((name, pa.string()) for name in ("kind", "key", "spelling", "name")), ("is_mixed_script", pa.bool_())]
)
ALIASES = pa.schema([(name, pa.string()) for name in ("kind", "spelling", "name")])


@cache
def named() -> tuple[Named, ...]:
    """Columns that name somebody or something (``names`` in ``connectors/headers``). Raises ValueError for another kind."""
    found = [(table.name, field) for table in declared_tables() for field in table.fields if field.names]
    unknown = sorted({field.names for _, field in found} - set(get_args(Kind)))
    if unknown:
        raise ValueError(f"« names » of connectors/headers: {unknown}, not one of {get_args(Kind)}")
    return tuple(Named(table, field.name, cast("Kind", field.names)) for table, field in found)


def named_tables() -> frozenset[str]:
    """Lake tables that hold a name."""
    return frozenset(item.lake_table for item in named())


def unify(
    writer: Writer, views: Mapping[str, str], plans: Iterable[Plan], answers: Iterable[NameAnswer]
) -> list[Identity]:
    """Create ``views`` (view by lake table) over ``<view>_as_typed``, and the table ``identity``; everything named."""
    spellings = list(_spellings(writer, views))
    dcis = {row["dci_key"] for row in writer.rows("SELECT DISTINCT dci_key FROM substance_name")}
    identities = [*identities_of(spellings, answers), *_subjects(spellings, plans, dcis)]
    rows = [(identity, spelling) for identity in identities for spelling in identity.spellings]
    content = [
        {
            "kind": one.kind,
            "key": one.key,
            "spelling": s.text,
            "name": one.name,
            "is_mixed_script": is_mixed_script(s.text),
        }
        for one, s in rows
    ]
    unique = {(row["kind"], row["spelling"]): row for row in reversed(content)}
    writer.table("identity", pa.Table.from_pylist(list(unique.values())[::-1], schema=IDENTITIES))
    aliases = [{name: row[name] for name in ALIASES.names} for row in unique.values() if row["spelling"] != row["name"]]
    writer.table("identity_alias", pa.Table.from_pylist(aliases, schema=ALIASES), temporary=True)
    renamed = {(row["kind"], row["spelling"]) for row in aliases}
    touched = {s.lake_table for s in spellings if (s.kind, s.text) in renamed}
    for table, view in views.items():
        columns = [item for item in named() if item.lake_table == table] if table in touched else []
        writer.run(_view(view, columns))
    return identities


def _spellings(writer: Writer, views: Mapping[str, str]) -> Iterator[Spelling]:
    for item in named():
        rank = PUBLIC.index(item.lake_table) + 1 if item.lake_table in PUBLIC else 0
        rows = writer.rows(
            f"SELECT {item.column} AS text, MIN(load_id) AS load_id, MIN(line) AS line"
            f" FROM {views[item.lake_table]}{TYPED} WHERE {item.column} IS NOT NULL GROUP BY {item.column} ORDER BY 1"
        )
        for row in rows:
            yield Spelling(item.kind, row["text"], item.lake_table, (rank, row["load_id"], row["line"]))


def _view(view: str, columns: list[Named]) -> str:
    """The view of the names in force; a table where every name is typed alike costs nothing."""
    if not columns:
        return f"CREATE TEMP VIEW {view} AS SELECT * FROM {view}{TYPED}"
    names = ", ".join(f"COALESCE({c.column}_alias.name, t.{c.column}) AS {c.column}" for c in columns)
    joins = " ".join(
        f"LEFT JOIN identity_alias AS {c.column}_alias"
        f" ON {c.column}_alias.kind = '{c.kind}' AND {c.column}_alias.spelling = t.{c.column}"
        for c in columns
    )
    return f"CREATE TEMP VIEW {view} AS SELECT t.* REPLACE ({names}) FROM {view}{TYPED} AS t {joins}"


def identities_of(spellings: Iterable[Spelling], answers: Iterable[NameAnswer]) -> list[Identity]:
    """Names and numbers: one identity per key, merged by the answers « le même »."""
    answered = list(answers)
    groups: dict[tuple[Kind, str], list[Spelling]] = {}
    for spelling in sorted(spellings, key=lambda item: (item.order, item.text)):
        if spelling.kind != "sujet":
            key = merged_key(spelling.kind, spelling.key, answered)
            groups.setdefault((spelling.kind, key), []).append(spelling)
    return [Identity(kind, key, found[0].text, tuple(found)) for (kind, key), found in groups.items()]


def merged_key(kind: str, key: str, answers: Iterable[NameAnswer]) -> str:
    """The key that stands for all those declared the same."""
    together = {key}
    same = [{answer.key, answer.other_key} for answer in answers if answer.kind == kind and answer.is_same]
    while any(pair & together and not pair <= together for pair in same):
        together.update(*(pair for pair in same if pair & together))
    return min(together)


def _subjects(spellings: Iterable[Spelling], plans: Iterable[Plan], dcis: Iterable[str]) -> Iterator[Identity]:
    """Followed groups by their code or their label, DCI by their name: the name is the one of the plan."""
    known = dict(_subject_keys(plans, dcis))
    found: dict[str, list[Spelling]] = {}
    for spelling in sorted(spellings, key=lambda item: (item.order, item.text)):
        if spelling.kind == "sujet":
            found.setdefault(_subject(spelling.text, known), []).append(spelling)
    for name, same in found.items():
        yield Identity("sujet", identity_key(name), name, tuple(same))


def _subject_keys(plans: Iterable[Plan], dcis: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Subject by the key of what may be typed for it; a code wins over a label, a group over a DCI."""
    groups = [group for plan in plans for group in plan.groups]
    yield from ((identity_key(key), f"{DCI}{key}") for key in sorted(dcis))
    yield from ((identity_key(group.label), group.id) for group in groups)
    yield from ((identity_key(group.id), group.id) for group in groups)


def _subject(text: str, known: Mapping[str, str]) -> str:
    if text.strip() == EVERY_SUBJECT:
        return EVERY_SUBJECT
    prefix, colon, name = text.partition(":")
    if colon and identity_key(prefix) == identity_key(DCI):
        return f"{DCI}{dci_key(' / '.join(part.strip() for part in name.replace('--', '/').split('/')))}"
    return known.get(identity_key(text), text)
