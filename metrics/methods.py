"""Methods: what each indicator measures and how, as written at the head of its query."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from connectors.language.folding import fold
from data import sqlfiles
from data.sqlfiles import SqlFile
from data.warehouse import Reader


@cache
def methods() -> dict[str, SqlFile]:
    """Indicators by name."""
    return {file.name: file for file in sqlfiles.families(Path(__file__).parent)}


@cache
def families() -> dict[str, list[str]]:
    """Titles of the families, in alphabetical order, with the names of their indicators: a folder is a family."""
    titles = {file.family: str(import_module(f"metrics.{file.family}").TITLE) for file in methods().values()}
    order = sorted(titles, key=lambda family: fold(titles[family]))
    return {titles[family]: [f.name for f in methods().values() if f.family == family] for family in order}


def columns(reader: Reader, table: str) -> list[dict[str, Any]]:
    """Columns of a published table, in order: column_name, unit, description, empty (what an empty cell means).

    None for a table the artefact does not hold, nor in a snapshot older than descriptions.
    """
    if not reader.has("column_description"):
        return []
    return reader.rows(
        "SELECT column_name, unit, description, empty FROM column_description WHERE table_name = $table ORDER BY order_no",
        table=table,
    )


def common_columns(reader: Reader) -> dict[str, dict[str, Any]]:
    """The same by column name, over all published tables: only those that every table describes with one sentence."""
    if not reader.has("column_description"):
        return {}
    rows = reader.rows(
        """
        SELECT column_name, MIN(unit) AS unit, MIN(description) AS description, MIN(empty) AS empty
        FROM column_description
        GROUP BY column_name
        HAVING COUNT(DISTINCT description) = 1
        """
    )
    return {row["column_name"]: row for row in rows}


def thresholds(reader: Reader) -> pd.DataFrame:
    """Named thresholds: name, label, value, unit, origin, to_validate."""
    return reader.frame("SELECT * FROM threshold ORDER BY to_validate, name")
