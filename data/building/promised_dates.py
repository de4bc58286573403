"""Declared dates that stand for an unknown one (31/12/2099), or contradict the start: the rows wait for the steward."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.base import Table
from connectors.language.typography import french
from connectors.reading.load_id import row_reference
from data.warehouse import Writer

BEFORE_START, FAR = "ordre", "lointaine"


def doubts(writer: Writer, known: dict[str, Table]) -> Iterator[dict[str, Any]]:
    """Rows of ``suspect_date`` as rows of ``doubt``; ``known``: lake tables by name."""
    for row in writer.rows("SELECT * FROM suspect_date ORDER BY lake_table, load_id, line"):
        table = known[row["lake_table"]]
        title = table.field(row["field"]).headers[0][0]
        yield {
            "row_ref": row_reference(row["load_id"], row["lake_table"], row["line"]),
            **{name: row[name] for name in ("lake_table", "load_id", "line", "reporter", "item", "week", "rule")},
            "sheet": table.sheet,
            "column_name": title,
            "value": None,
            "previous_value": None,
            "previous_week": None,
            "reason": french(_reason(row, title)),
        }


def _reason(row: dict[str, Any], title: str) -> str:
    stated = f"{title} : {row['stated_on']:%d/%m/%Y}"
    if row["rule"] == BEFORE_START:
        return f"{stated}, avant le début ({row['start_on']:%d/%m/%Y})."
    ahead = row["stated_on"] > row["base_on"]
    years = row["years_ahead"] if ahead else row["years_before"]
    side = "après" if ahead else "avant"
    return f"{stated}, plus de {years:g} ans {side} le {row['base_on']:%d/%m/%Y} : date mise pour une date inconnue ?"
