"""Dates and numbers of declarations that cannot be right: their rows wait for the steward.

A date that stands for an unknown one (31/12/2099) or contradicts the start; a number already used by another laboratory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.base import Table
from connectors.language.typography import french
from connectors.reading.load_id import row_reference
from data.warehouse import Writer

BEFORE_START, FAR, TAKEN = "ordre", "lointaine", "numero"


def doubts(writer: Writer, known: dict[str, Table]) -> Iterator[dict[str, Any]]:
    """Rows of ``suspect_date`` and ``suspect_number`` as rows of ``doubt``, once each; ``known``: lake tables by name."""
    seen = set()
    for query, words in (("suspect_number", _taken), ("suspect_date", _reason)):
        for row in writer.rows(f"SELECT * FROM {query} ORDER BY lake_table, load_id, line"):
            table = known[row["lake_table"]]
            title = table.field(row["field"]).headers[0][0]
            reference = row_reference(row["load_id"], row["lake_table"], row["line"])
            if reference in seen:
                continue
            seen.add(reference)
            yield {
                "row_ref": reference,
                **{name: row[name] for name in ("lake_table", "load_id", "line", "reporter", "item", "week")},
                "rule": row.get("rule", TAKEN),
                "sheet": table.sheet,
                "column_name": title,
                "value": None,
                "previous_value": None,
                "previous_week": None,
                "reason": french(words(row, title)),
            }


def _taken(row: dict[str, Any], title: str) -> str:
    return (
        f"{title} : {row['number']}, déjà pris par {row['first_reporter']} pour {row['first_medicine']} : "
        f"{row['reporter']} a-t-il donné le numéro d'un autre pour {row['medicine']} ?"
    )


def _reason(row: dict[str, Any], title: str) -> str:
    stated = f"{title} : {row['stated_on']:%d/%m/%Y}"
    if row["rule"] == BEFORE_START:
        return f"{stated}, avant le début ({row['start_on']:%d/%m/%Y})."
    ahead = row["stated_on"] > row["base_on"]
    years = row["years_ahead"] if ahead else row["years_before"]
    side = "après" if ahead else "avant"
    return f"{stated}, plus de {years:g} ans {side} le {row['base_on']:%d/%m/%Y} : date mise pour une date inconnue ?"
