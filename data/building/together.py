"""Files received together that contradict each other, when their own dates do not say which is the later: both wait.

Deliveries are ordered by reception, then by the date of the dropped file. Two files copied in one go have the same date,
or dates in the order of the copy: the date a workbook gives itself then has to agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pyarrow as pa

from connectors.base import tables
from connectors.language.typography import french
from data.loading.load import Load
from data.warehouse import Writer

ONE_GO = timedelta(seconds=2)  # a copy of several files leaves dates this close
CONTRARY = timedelta(seconds=60)  # workbooks that contradict the dates of their files by less are not trusted
RECEPTION = 15  # characters of a load identifier that hold the second of its reception
SKIPPED = frozenset({"label"})  # fields that change no figure


@dataclass(frozen=True)
class Statement:
    """What a file states as a whole about a key: its fields, and who, what, when for a person to read."""

    lake_table: str
    key: tuple[str, ...]
    reporter: str
    item: str
    day: str


STATEMENTS = (
    Statement("pointstock_stock", ("week", "wholesaler", "cip13"), "wholesaler", "cip13", "week"),
    Statement("grossistes_stock", ("week", "wholesaler", "cip13"), "wholesaler", "cip13", "week"),
    Statement("tracstocks_stock", ("week", "laboratory", "cip13"), "laboratory", "cip13", "week"),
    Statement("tracstocks_supply", ("week", "laboratory", "cip13"), "laboratory", "cip13", "week"),
    Statement("openhealth_sales", ("week", "cip13", "region", "age", "sex", "origin"), "'région ' || region", "cip13", "week"),
    Statement("iqvia_coverage", ("week", "group_id", "level", "territory"), "level || ' ' || territory", "group_id", "week"),
    Statement("trustmed_version", ("declaration_no", "version_no"), "laboratory", "declaration_no || ' v' || version_no", "version_on"),
    Statement("trustmed_supply", ("declaration_no", "version_no", "supply_no"), "declaration_no",
              "declaration_no || ' v' || version_no", "planned_on"),
    Statement("trustmed_measure", ("declaration_no", "version_no"), "declaration_no", "declaration_no || ' v' || version_no", "start_on"),
    Statement("arrets_intention", ("stop_no",), "laboratory", "stop_no", "declared_on"),
    Statement("references_manual", ("subject_id", "link", "since"), "author", "subject_id", "since"),
    Statement("dispostock_stock", ("week", "finess", "dci_or_ucd", "form"), "finess", "dci_or_ucd", "week"),
    Statement("gers_sales", ("month_on", "cip13_or_ucd", "circuit"), "circuit", "cip13_or_ucd", "month_on"),
    Statement("octave_sales", ("year", "cip13", "circuit", "territory"), "laboratory", "cip13", "make_date(CAST(year AS INTEGER), 1, 1)"),
    Statement("listes_member", ("list",), "list", "COALESCE(cis, dci)", "since_on"),
    Statement("pgp_plan", ("cis", "year"), "COALESCE(laboratory, 'inconnu')", "cis", "make_date(CAST(year AS INTEGER), 1, 1)"),
    Statement("preparations_week", ("week", "subject_id"), "'ANSM'", "subject_id", "week"),
    Statement("sisac_signal", ("signal_no",), "'région ' || ars_region", "signal_no", "received_on"),
    Statement("dpruptures_stock", ("day", "actor", "territory", "cip13"), "actor", "cip13", "day"),
    Statement("edl_site", ("laboratory", "year", "cis"), "laboratory", "cis", "make_date(CAST(year AS INTEGER), 1, 1)"),
)  # fmt: skip
# Read by core queries before the others are held; « EARLY » views are made here.
EARLY = ("references_manual", "listes_member")
CONTESTED = pa.schema([(name, pa.string()) for name in ("lake_table", "key", "load_id", "reason")])


def is_ordered(one: Load, other: Load) -> bool:
    """Whether the dates of two files received together show which is the later: load identifiers then follow."""
    by_file = _gap(one.modified_at, other.modified_at)
    by_itself = _gap(one.saved_at, other.saved_at)
    if by_file is None or abs(by_file) <= ONE_GO:
        return False
    is_contrary = by_itself is not None and (by_itself > timedelta(0)) != (by_file > timedelta(0))
    return not (is_contrary and by_itself is not None and abs(by_itself) > CONTRARY)


def _gap(one: str, other: str) -> timedelta | None:
    return datetime.fromisoformat(one) - datetime.fromisoformat(other) if one and other else None


def unordered(loads: Iterable[Load]) -> dict[str, set[str]]:
    """By load, those received with it that come neither before nor after. The demo writes its files in one go."""
    together: dict[tuple[str, str], list[Load]] = defaultdict(list)
    for load in loads:
        if not load.demo and not load.refused:
            together[load.source, load.received_at].append(load)
    found: dict[str, set[str]] = defaultdict(set)
    for group in together.values():
        for one, other in combinations(group, 2):
            if not is_ordered(one, other):
                found[one.load_id].add(other.load_id)
                found[other.load_id].add(one.load_id)
    return found


def hold(writer: Writer, loads: Sequence[Load], views: dict[str, str]) -> None:
    """The table ``contested_row``: rows of files received together that differ on the same key."""
    apart = unordered(loads)
    names = {load.load_id: load.file_name for load in loads}
    rows = (
        [
            row
            for statement in STATEMENTS
            for row in _contested(writer, statement, views[statement.lake_table], apart, names)
        ]
        if apart
        else []
    )
    writer.table("contested_key", pa.Table.from_pylist(rows, schema=CONTESTED), temporary=True)
    queries = " UNION ALL ".join(_rows(statement, views[statement.lake_table]) for statement in STATEMENTS)
    writer.run(f"CREATE TEMP TABLE contested_row AS {queries}")
    hold_early(writer)
    for table in EARLY:
        writer.run(f"""
            CREATE TEMP VIEW {table} AS
            SELECT r.* FROM {views[table]} AS r
            ANTI JOIN early_held AS h ON h.lake_table = '{table}' AND h.load_id = r.load_id AND h.line = r.line""")


def hold_early(writer: Writer) -> None:
    """The table ``early_held``: rows that wait before any value is judged, with a name or with a rival."""
    writer.run("""
        CREATE TEMP TABLE early_held AS
        SELECT lake_table, load_id, line FROM name_held
        UNION
        SELECT c.lake_table, c.load_id, c.line
        FROM contested_row AS c
        LEFT JOIN journal_acceptance AS a ON a.row_ref = load_delivery(c.load_id) || '/' || c.lake_table || '/' || c.line
        WHERE a.row_ref IS NULL""")


def _contested(
    writer: Writer, statement: Statement, view: str, apart: dict[str, set[str]], names: dict[str, str]
) -> list[dict[str, Any]]:
    own = tables(statement.lake_table.split("_", maxsplit=1)[0])[statement.lake_table]
    content = ", ".join(item.name for item in own.fields if item.name not in {*statement.key, *SKIPPED})
    some = ", ".join(f"'{load_id}'" for load_id in sorted(apart))
    rows = writer.rows(f"""
        WITH stated AS (
            SELECT {_key(statement)} AS key, load_id, LIST(CAST(({content}) AS VARCHAR) ORDER BY CAST(({content}) AS VARCHAR)) AS content
            FROM {view}
            WHERE load_id IN ({some})
            GROUP BY ALL
        )
        SELECT s.key, s.load_id, CAST(s.content AS VARCHAR) AS content, n.newest
        FROM stated AS s
        INNER JOIN (SELECT key FROM stated GROUP BY key HAVING COUNT(DISTINCT content) > 1) AS k ON k.key = s.key
        INNER JOIN (SELECT {_key(statement)} AS key, MAX(load_id) AS newest FROM {view} GROUP BY ALL) AS n ON n.key = s.key
        ORDER BY s.key, s.load_id""")
    by_key: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        # What was received since is the last word, whatever the order of those before it.
        if row["newest"][:RECEPTION] == row["load_id"][:RECEPTION]:
            by_key[row["key"]][row["load_id"]] = row["content"]
    return [found for key, contents in by_key.items() for found in _who_waits(statement, key, contents, apart, names)]


def _who_waits(
    statement: Statement, key: str, contents: dict[str, str], apart: dict[str, set[str]], names: dict[str, str]
) -> Iterable[dict[str, Any]]:
    """The last one, and those that contradict it without being before it."""
    last = max(contents)
    rivals = {load_id for load_id in contents if load_id in apart[last] and contents[load_id] != contents[last]}
    for load_id in sorted({last, *rivals}) if rivals else ():
        others = " et ".join(f"« {names[other]} »" for other in sorted({last, *rivals} - {load_id}))
        reason = f"Deux fichiers reçus ensemble se contredisent : {others} dit autre chose, et leurs dates ne disent pas lequel est le plus récent."
        yield {"lake_table": statement.lake_table, "key": key, "load_id": load_id, "reason": french(reason)}


def _key(statement: Statement) -> str:
    """A column left empty keeps its place: what it says is not what the next one says."""
    columns = ", ".join(f"COALESCE(CAST({name} AS VARCHAR), '')" for name in statement.key)
    return f"concat_ws('|', {columns})"


def _rows(statement: Statement, view: str) -> str:
    return f"""
        SELECT '{statement.lake_table}' AS lake_table, r.load_id, r.line, r.reporter, r.item, r.week, c.key, c.reason
        FROM (SELECT load_id, line, {statement.reporter} AS reporter, {statement.item} AS item, {statement.day} AS week, {_key(statement)} AS key
            FROM {view}) AS r
        INNER JOIN contested_key AS c ON c.lake_table = '{statement.lake_table}' AND c.load_id = r.load_id AND c.key = r.key
        ANTI JOIN name_held AS h ON h.lake_table = c.lake_table AND h.load_id = r.load_id AND h.line = r.line"""
