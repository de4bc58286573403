"""Quarantined rows of the loads in force, and those answered since by a corrected row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from connectors.base import Table
from connectors.language.names import identity_key
from connectors.reading.load_id import MACROS
from data.building.identity import named
from data.loading.quarantine import VIEWS
from data.warehouse import Writer

MOST_RETURNS = 20  # corrections of corrections that are followed
NAME_KEYS = pa.schema([(name, pa.string()) for name in ("name", "key")])
QUARANTINE_KEYS = pa.schema([(name, pa.string()) for name in ("table_name", "row_key", "key")])


def create(writer: Writer, files: Mapping[str, list[Path]], views: Mapping[str, Table]) -> None:
    """``quarantine_row``, ``noted_row``, ``correction_row`` over the loads in force, ``row_again``, ``corrected_row``.

    ``views``: views over the lake by name, with the table each shows. ``row_again``: later loads where the key of a
    quarantined row was read, when a file is sent again whole, corrected but without references. ``corrected_row``: the
    load a corrected row belongs to; where a later file replaces an earlier one whole, a correction does not.
    """
    writer.run(MACROS)
    for name, (kept, kinds) in VIEWS.items():
        writer.view(name, files.get(kept, []), kinds)
    _folded_keys(writer, views)
    queries = [_again(view, table) for view, table in views.items() if table.key]
    writer.run(f"CREATE TEMP TABLE row_again AS {' UNION ALL '.join([_NONE, *queries])}")
    writer.run(_CORRECTED)


# From reference to reference, when a correction was itself quarantined; the delivery may have been read again since.
_CORRECTED = f"""
    CREATE TEMP TABLE corrected_row AS
    WITH RECURSIVE chain AS (
        SELECT table_name, load_id, line, corrects, 1 AS depth FROM correction_row WHERE NOT withdrawn
        UNION ALL
        SELECT c.table_name, c.load_id, c.line, q.corrects, c.depth + 1
        FROM chain AS c
        INNER JOIN quarantine_row AS q ON q.row_ref = c.corrects AND q.corrects <> ''
        WHERE c.depth < {MOST_RETURNS}
    )
    SELECT c.table_name, c.load_id, c.line, MIN(l.load_id) AS belongs_to
    FROM chain AS c
    INNER JOIN load AS l ON load_delivery(l.load_id) = split_part(c.corrects, '/', 1)
    GROUP BY c.table_name, c.load_id, c.line
"""
_NONE = "SELECT row_ref, load_id FROM quarantine_row WHERE FALSE"


def _again(view: str, table: Table) -> str:
    return f"""
        SELECT q.row_ref, MIN(t.load_id) AS load_id
        FROM quarantine_row AS q
        INNER JOIN quarantine_key AS k ON k.table_name = q.table_name AND k.row_key = q.row_key
        INNER JOIN ({_folded(view, table)}) AS t ON t.key = k.key
        WHERE q.table_name = '{table.name}' AND q.row_key <> '' AND t.load_id <> q.load_id
            AND load_received(t.load_id) >= load_received(q.load_id)
        GROUP BY q.row_ref"""


def _folded_keys(writer: Writer, views: Mapping[str, Table]) -> None:
    """``name_key``: identity of each name received; ``quarantine_key``: keys of quarantined rows with those identities."""
    spellings = {
        row["name"]
        for view, table in views.items()
        for column in _named(table)
        for row in writer.rows(f"SELECT DISTINCT {column} AS name FROM {view} WHERE {column} IS NOT NULL")
    }
    rows = [{"name": name, "key": identity_key(name)} for name in sorted(spellings)]
    writer.table("name_key", pa.Table.from_pylist(rows, schema=NAME_KEYS), temporary=True)
    by_name = {table.name: table for table in views.values()}
    found = writer.rows("SELECT DISTINCT table_name, row_key FROM quarantine_row WHERE row_key <> '' ORDER BY ALL")
    keys = [{**row, "key": _folded_text(row["row_key"], by_name.get(row["table_name"]))} for row in found]
    writer.table("quarantine_key", pa.Table.from_pylist(keys, schema=QUARANTINE_KEYS), temporary=True)


def _named(table: Table) -> list[str]:
    return [item.column for item in named() if item.lake_table == table.name and item.column in table.key]


def _folded_text(row_key: str, table: Table | None) -> str:
    """The key of a row with the identities of its names; as it is when a name holds the separator."""
    parts = row_key.split("|")
    if table is None or len(parts) != len(table.key):
        return row_key
    names = _named(table)
    folded = [
        identity_key(part) if name in names and part else part for name, part in zip(table.key, parts, strict=True)
    ]
    return "|".join(folded)


def _folded(view: str, table: Table) -> str:
    """Load and key of each row of a view, spelt as ``RowIssue.key``, names by their identities."""
    names = _named(table)
    parts = (
        f"COALESCE({name}_key.key, '')" if name in names else f"COALESCE(CAST(r.{name} AS VARCHAR), '')"
        for name in table.key
    )
    joins = " ".join(f"LEFT JOIN name_key AS {name}_key ON {name}_key.name = r.{name}" for name in names)
    return f"SELECT r.load_id, concat_ws('|', {', '.join(parts)}) AS key FROM {view} AS r {joins}"
