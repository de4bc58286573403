"""Quarantined rows of the loads in force, and those answered since by a corrected row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from connectors.base import Table
from connectors.reading.load_id import MACROS
from data.loading.quarantine import VIEWS
from data.warehouse import Writer

MOST_RETURNS = 20  # corrections of corrections that are followed


def create(writer: Writer, files: Mapping[str, list[Path]], views: Mapping[str, Table]) -> None:
    """``quarantine_row``, ``noted_row``, ``correction_row`` over the loads in force, ``row_again``, ``corrected_row``.

    ``views``: views over the lake by name, with the table each shows. ``row_again``: later loads where the key of a
    quarantined row was read, when a file is sent again whole, corrected but without references. ``corrected_row``: the
    load a corrected row belongs to; where a later file replaces an earlier one whole, a correction does not.
    """
    writer.run(MACROS)
    for name, (kept, kinds) in VIEWS.items():
        writer.view(name, files.get(kept, []), kinds)
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
        INNER JOIN {view} AS t ON {_key(table.key)} = q.row_key
        WHERE q.table_name = '{table.name}' AND q.row_key <> '' AND t.load_id <> q.load_id
            AND load_received(t.load_id) >= load_received(q.load_id)
        GROUP BY q.row_ref"""


def _key(names: Iterable[str]) -> str:
    """Key of a row as text, spelt as ``RowIssue.key``."""
    parts = (f"COALESCE(CAST(t.{name} AS VARCHAR), '')" for name in names)
    return f"concat_ws('|', {', '.join(parts)})"
