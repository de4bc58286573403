"""The only door to DuckDB: write a new snapshot, read a published one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import is_object_dtype

from data.files import read_json, write_atomically

Artefact = Literal["restricted", "shared"]
SNAPSHOT_NAME = re.compile(r"^\d{8}T\d{6}-[0-9a-f]{8}$")


class Writer:
    """A connection that writes one new database file; nobody else opens it before it is published."""

    def __init__(self, path: Path) -> None:
        self._con = duckdb.connect(str(path))
        self._con.execute("SET TimeZone = 'Europe/Paris'")
        self._con.execute("SET preserve_insertion_order = true")

    def run(self, sql: str, params: dict[str, Any] | None = None) -> None:
        self._con.execute(sql, params) if params else self._con.execute(sql)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Rows of a query as dictionaries."""
        return _dictionaries(self._con.execute(sql))

    def view(self, name: str, files: list[Path], schema: pa.Schema) -> None:
        """A temporary view on Parquet files, or an empty table of the same columns when there is none."""
        if files:
            names = ", ".join(f"'{_quoted(path)}'" for path in files)
            self._con.execute(
                f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet([{names}], hive_partitioning = false)"
            )
        else:
            self.table(name, schema.empty_table(), temporary=True)

    def table(self, name: str, content: pa.Table, *, temporary: bool = False) -> None:
        """A table from Arrow."""
        self._con.register("arrow_content", content)
        kind = "TEMP TABLE" if temporary else "TABLE"
        self._con.execute(f"CREATE {kind} {name} AS SELECT * FROM arrow_content")
        self._con.unregister("arrow_content")

    def attach(self, path: Path, name: str) -> None:
        self._con.execute(f"ATTACH '{_quoted(path)}' AS {name}")

    def close(self) -> None:
        self._con.close()


class Reader:
    """A published snapshot, read only; ``ref.`` is the snapshot it is compared with, when there is one."""

    def __init__(self, path: Path, reference: Path | None, memory_mb: int, threads: int) -> None:
        self._con = duckdb.connect(":memory:", config={"memory_limit": f"{memory_mb}MB", "threads": threads})
        self._con.execute(f"ATTACH '{_quoted(path)}' AS snap (READ_ONLY)")
        if reference:
            self._con.execute(f"ATTACH '{_quoted(reference)}' AS ref (READ_ONLY)")
        self.has_reference = reference is not None
        # After this nothing a page could send reaches a file or another setting.
        self._con.execute(
            "SET GLOBAL TimeZone = 'Europe/Paris'; SET enable_external_access = false; SET lock_configuration = true"
        )
        found = self._con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'snap'").fetchall()
        self.tables = frozenset(name for (name,) in found)

    def frame(self, sql: str, **params: Any) -> pd.DataFrame:
        """Rows of a query whose parameters are bound by name (``$dci_key``)."""
        with self._cursor() as cursor:
            return _plain_lists((cursor.execute(sql, params) if params else cursor.execute(sql)).df())

    def rows(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        """Rows of a query as dictionaries, with Python's own None and dates."""
        with self._cursor() as cursor:
            return _dictionaries(cursor.execute(sql, params) if params else cursor.execute(sql))

    def row(self, sql: str, **params: Any) -> dict[str, Any] | None:
        found = self.rows(sql, **params)
        return found[0] if found else None

    def has(self, table: str) -> bool:
        """Whether the artefact holds a table: the shared one has none at the grain of a laboratory."""
        return table in self.tables

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._con.cursor()
        try:
            # A cursor does not inherit the database in use.
            cursor.execute("USE snap")
            yield cursor
        finally:
            cursor.close()


@lru_cache(maxsize=8)
def reader(
    snapshots: Path, snapshot: str, artefact: Artefact, reference: str | None, memory_mb: int, threads: int
) -> Reader:
    """The reader of a published snapshot, shared by every session of the process that may see this artefact."""
    other = snapshots / reference / f"{artefact}.duckdb" if reference else None
    return Reader(snapshots / snapshot / f"{artefact}.duckdb", other, memory_mb, threads)


def current(snapshots: Path) -> str | None:
    """Identifier of the published snapshot; falls back on the newest whole one if the pointer is damaged."""
    try:
        name = (snapshots / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    if _is_whole(snapshots / name):
        return name
    known = published(snapshots)
    return known[-1] if known else None


def published(snapshots: Path) -> list[str]:
    """Identifiers of whole snapshots, oldest first."""
    if not snapshots.is_dir():
        return []
    return sorted(path.name for path in snapshots.iterdir() if _is_whole(path))


def describe(snapshots: Path, snapshot: str) -> dict[str, Any]:
    """The manifest of a snapshot: day, moment, inputs."""
    return read_json(snapshots / snapshot / "manifest.json") or {}


def point_to(snapshots: Path, snapshot: str) -> None:
    """Publish: one rename of the pointer."""
    write_atomically(snapshots / "current", f"{snapshot}\n".encode())


def _is_whole(path: Path) -> bool:
    """The manifest is written last, so its presence means that both artefacts are complete."""
    return bool(SNAPSHOT_NAME.match(path.name)) and (path / "manifest.json").is_file()


def _plain_lists(table: pd.DataFrame) -> pd.DataFrame:
    """List columns as lists with None: they come as masked arrays, whose unknowns turn into numbers."""
    for name in table.columns:
        if is_object_dtype(table[name]) and any(isinstance(cell, np.ndarray) for cell in table[name]):
            table[name] = [cell.tolist() if isinstance(cell, np.ndarray) else cell for cell in table[name]]
    return table


def _dictionaries(done: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in done.description or []]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
