"""Rows that were read and enter no figure, because what they name is in no referential: counted, listed, with the likely key.

What is looked up is declared column by column, ``refers`` in ``connectors/headers/<source>.csv``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import pyarrow as pa
from stdnum import ean

from connectors.base import declared_tables, tables
from connectors.language.folding import fold_words
from connectors.language.names import identity_key
from data.warehouse import Writer

MOST_KEYS = 300  # of a referential, the commonest first, for which the likely key is looked for: 20 ms each
CLOSE = 0.75  # likeness of two keys, from 0 to 1
CONTRARY = "sujet écrit de deux façons dans le fichier, et compté différemment pour la même semaine"
CLOSE_LABEL = 0.6  # of two names of a medicine: partners abridge them


@dataclass(frozen=True)
class Referential:
    """Where a key is known: ``known`` gives its ``key`` and ``label``; ``absent``, ``empty``: why a row has no effect.

    ``written``: SQL of the key a row writes, when it is not the column as it is.
    """

    name: str
    known: str
    absent: str
    empty: str
    written: str = ""


BOX = Referential(
    "presentation",
    "SELECT cip13 AS key, denomination AS label FROM presentation",
    "présentation absente du référentiel public",
    "référentiel public jamais reçu : aucune présentation n'est connue",
)
SPECIALITY = Referential(
    "speciality",
    "SELECT cis AS key, denomination AS label FROM speciality",
    "spécialité absente du référentiel public",
    "référentiel public jamais reçu : aucune spécialité n'est connue",
)
_NAMED = """
    (SELECT dci_key AS key, dci AS label, routes FROM speciality WHERE dci_key IS NOT NULL
    UNION ALL
    SELECT y.name_key AS key, s.dci AS label, s.routes
    FROM dci_synonym AS y INNER JOIN speciality AS s ON s.dci_key = y.dci_key)"""
DCI = Referential(
    "dci",
    f"SELECT key, MIN(label) AS label FROM {_NAMED} AS named GROUP BY key",
    "DCI absente du référentiel public",
    "référentiel public jamais reçu : aucune DCI n'est connue",
    written="written_dci_key(r.dci)",
)
_UCD = """
    SELECT ucd AS key, label AS label FROM ucd_dci"""
HOSPITAL_PRODUCT = Referential(
    "hospital_product",
    f"SELECT key, MIN(label) AS label FROM (SELECT key, label FROM {_NAMED} AS named UNION ALL {_UCD}) AS k GROUP BY key",
    "ni DCI du référentiel public, ni UCD dont un libellé dise la DCI",
    "référentiel public jamais reçu : aucune DCI n'est connue",
    written="CASE WHEN is_ucd(r.dci_or_ucd) THEN r.dci_or_ucd ELSE written_dci_key(r.dci_or_ucd) END",
)
PRODUCT = Referential(
    "product",
    f"SELECT cip13 AS key, denomination AS label FROM presentation UNION ALL {_UCD}",
    "ni présentation du référentiel public, ni UCD dont un libellé dise la DCI",
    "référentiel public jamais reçu : aucune présentation n'est connue",
)
ROUTE = Referential(
    "route",
    f"""
    SELECT key || ' ' || route AS key, MIN(label || ', voie ' || route) AS label
    FROM (SELECT key, label, written_route(UNNEST(string_split(routes, ';'))) AS route FROM {_NAMED} AS named) AS spread
    GROUP BY key, route
    """,
    "voie d'aucune spécialité de cette DCI",
    "référentiel public jamais reçu : aucune voie n'est connue",
    written="written_dci_key(r.dci) || ' ' || written_route(r.route)",
)
VERSION = Referential(
    "version",
    "SELECT declaration_no || ' v' || version_no AS key, declaration_no AS label FROM declaration_version",
    "déclaration ou version inconnue",
    "aucune déclaration reçue",
    written="r.declaration_no || ' v' || r.version_no",
)
GROUP = Referential(
    "group",
    "SELECT group_id AS key, MIN(label) AS label FROM tracked_group GROUP BY group_id",
    "groupe d'aucun plan",
    "aucun groupe suivi",
)
SUBJECT = Referential(
    "subject",
    "SELECT subject_id AS key, label FROM subject UNION ALL SELECT '*' AS key, 'tous' AS label",
    "ni groupe suivi, ni DCI du référentiel public",
    "aucun sujet connu",
)
WRITTEN_SUBJECT = Referential(
    "written_subject",
    "SELECT name_key AS key, label FROM subject_name",
    "ni groupe suivi, ni DCI du référentiel public",
    "aucun sujet connu",
    written="written_dci_key(r.subject_id)",
)


REFERENTIALS = {
    item.name: item
    for item in (BOX, SPECIALITY, DCI, HOSPITAL_PRODUCT, PRODUCT, ROUTE, VERSION, GROUP, SUBJECT, WRITTEN_SUBJECT)
}


@dataclass(frozen=True)
class Reference:
    """A column whose value must be a key of a referential. ``unless``: columns one of which, filled, is looked up instead."""

    lake_table: str
    column: str
    referential: Referential
    unless: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.referential.written or f"r.{self.column}"

    @property
    def only(self) -> str:
        """SQL of the rows that are looked up."""
        return " AND ".join(f"r.{name} IS NULL" for name in self.unless) or "TRUE"


LIKELY = pa.schema([(name, pa.string()) for name in ("referential", "key", "likely_key", "likely_label")])


def references() -> tuple[Reference, ...]:
    """Columns with ``refers`` in ``connectors/headers``. Raises ValueError for a referential that does not exist."""
    found = [(table.name, field) for table in declared_tables() for field in table.fields if field.refers]
    unknown = sorted({field.refers for _, field in found} - REFERENTIALS.keys())
    if unknown:
        raise ValueError(f"« refers » of connectors/headers: {unknown}, not one of {sorted(REFERENTIALS)}")
    return tuple(Reference(table, field.name, REFERENTIALS[field.refers], field.unless) for table, field in found)


def find(writer: Writer) -> None:
    """The tables ``unmatched_row``, a row per cell that names nothing known, and ``likely_key``."""
    looked_up = references()
    queries = [_query(writer, reference) for reference in looked_up]
    writer.run(f"CREATE TEMP TABLE unmatched_row AS {' UNION ALL '.join(queries)}")
    _contrary(writer)
    rows = [row for referential in {r.referential.name: r.referential for r in looked_up}.values()
            for row in _likely(writer, referential)]  # fmt: skip
    writer.table("likely_key", pa.Table.from_pylist(rows, schema=LIKELY), temporary=True)


def _contrary(writer: Writer) -> None:
    """Lines of a file of préparations that contradict each other once their subjects are known: no count uses them."""
    table = tables("preparations")["preparations_week"]
    writer.run(f"""
        INSERT INTO unmatched_row
        SELECT w.load_id, '{table.name}' AS table_name, '{_quoted(table.sheet)}' AS sheet, w.line,
            '{_quoted(table.field("subject_id").headers[0][0])}' AS column_name, 'contrary' AS referential,
            w.subject_id AS key, CAST(NULL AS VARCHAR) AS label, '{_quoted(CONTRARY)}' AS reason
        FROM preparations_week AS w
        INNER JOIN preparation_named AS n ON n.load_id = w.load_id AND n.line = w.line
        INNER JOIN preparation_contrary AS c
            ON c.load_id = n.load_id AND c.subject_id = n.subject_id AND c.week = n.week""")


def _query(writer: Writer, reference: Reference) -> str:
    """Without any referential, keys are not reported one by one."""
    source, referential = reference.lake_table.split("_", maxsplit=1)[0], reference.referential
    table = tables(source)[reference.lake_table]
    is_empty = not writer.rows(f"SELECT 1 AS one FROM ({referential.known}) LIMIT 1")
    key = reference.key
    label = "r.label" if any(item.name == "label" for item in table.fields) else "CAST(NULL AS VARCHAR)"
    shown = (
        "CAST(NULL AS VARCHAR)" if is_empty else (key if referential in (VERSION, ROUTE) else f"r.{reference.column}")
    )
    return f"""
        SELECT r.load_id, '{table.name}' AS table_name, '{_quoted(table.sheet)}' AS sheet, r.line,
            '{_quoted(table.field(reference.column).headers[0][0])}' AS column_name,
            '{referential.name}' AS referential, {shown} AS key, {"CAST(NULL AS VARCHAR)" if is_empty else label} AS label,
            '{_quoted(referential.empty if is_empty else referential.absent)}' AS reason
        FROM {table.name} AS r
        ANTI JOIN ({referential.known}) AS k ON k.key = {key}
        WHERE r.{reference.column} IS NOT NULL AND {reference.only}"""


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _likely(writer: Writer, referential: Referential) -> Iterator[dict[str, Any]]:
    asked = writer.rows(
        f"SELECT key, MIN(label) AS label FROM unmatched_row WHERE referential = '{referential.name}' AND key IS NOT NULL"
        f" GROUP BY key ORDER BY COUNT(*) DESC, key LIMIT {MOST_KEYS}"
    )
    if not asked:
        return
    known = {
        row["key"]: row["label"] or ""
        for row in writer.rows(f"SELECT key, label FROM ({referential.known}) ORDER BY key")
    }
    search = _search(referential, known)
    for row in asked:
        likely = search(row["key"], row["label"] or "")
        if likely is not None:
            yield {
                "referential": referential.name,
                "key": row["key"],
                "likely_key": likely,
                "likely_label": known[likely],
            }


def _search(referential: Referential, known: dict[str, str]) -> Callable[[str, str], str | None]:
    """The known key that was probably meant, from the key typed and the label beside it."""
    if referential in (BOX, SPECIALITY):
        by_word: dict[str, list[tuple[str, str]]] = {}
        for key, label in known.items():
            name = fold_words(label)
            by_word.setdefault(name.split(" ", maxsplit=1)[0], []).append((name, key))
        return lambda key, label: _near_code(key, known) or _near_label(label, by_word)
    spelt = {identity_key(text): key for key, label in known.items() for text in (label, key)}
    return lambda key, _: _near_text(key, spelt)


def _near_code(code: str, known: dict[str, str]) -> str | None:
    """The only known code that differs by one digit or two neighbours swapped, ignoring its check digit."""
    has_check = len(code) == 13
    stem = code[:-1] if has_check else code
    near = {_code(variant, with_check=has_check) for variant in _variants(stem)} & known.keys()
    return next(iter(near)) if len(near) == 1 else None


def _code(stem: str, *, with_check: bool) -> str:
    return stem + ean.calc_check_digit(stem) if with_check else stem


def _variants(stem: str) -> Iterator[str]:
    for at, digit in enumerate(stem):
        yield from (stem[:at] + other + stem[at + 1 :] for other in "0123456789" if other != digit)
        if at and stem[at - 1] != digit:
            yield stem[: at - 1] + digit + stem[at - 1] + stem[at + 1 :]


def _near_label(label: str, by_word: dict[str, list[tuple[str, str]]]) -> str | None:
    name = fold_words(label)
    names = dict(by_word.get(name.split(" ", maxsplit=1)[0], ()) if name else ())
    return next((names[near] for near in get_close_matches(name, list(names), 1, CLOSE_LABEL)), None)


def _near_text(text: str, spelt: dict[str, str]) -> str | None:
    found: Iterable[str] = get_close_matches(identity_key(text), list(spelt), 1, CLOSE)
    return next((spelt[near] for near in found), None)
