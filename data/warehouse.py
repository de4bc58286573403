"""The only module that opens DuckDB: write a new snapshot, read a published one."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa

from data.files import digest_of
from data.manifest import (
    ARTEFACTS,
    SCHEMA_VERSION,
    Artefact,
    Identity,
    asked,
    damaged,
    describe,
    folders,
    has_shape_of_pages,
    identity,
    is_whole,
    point_to,
    pointed,
    published,
    seal,
    sealed,
)

if TYPE_CHECKING:
    import pandas as pd

# Snapshot metadata that needs no open database is re-exported from this module.
__all__ = [
    "ARTEFACTS",
    "SCHEMA_VERSION",
    "Artefact",
    "InForce",
    "Reader",
    "Writer",
    "current",
    "damaged",
    "describe",
    "folders",
    "has_shape_of_pages",
    "in_force",
    "is_usable",
    "point_to",
    "published",
    "reader",
    "seal",
]

# DuckDB's own settings for a build; none: as many threads as processors, every optimiser. Any of them writes the same
# tables: sums are exact, rows are ordered.
BUILD_CONFIG: dict[str, str | bool | int | float | list[str]] = {}


class Writer:
    """A connection that writes one new database file, opened by no one else before it is published.

    Raises OSError naming the file when the disk fails.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with _disk_refusals(path):
            self._con = duckdb.connect(str(path), config=BUILD_CONFIG)
        self.run("SET TimeZone = 'Europe/Paris'")
        self.run("SET preserve_insertion_order = true")

    def run(self, sql: str) -> None:
        with _disk_refusals(self._path):
            for statement in _statements(sql):
                self._con.execute(statement)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Rows of a query as dictionaries."""
        with _disk_refusals(self._path):
            (query,) = _statements(sql)
            return _dictionaries(self._con.execute(query))

    def view(self, name: str, files: list[Path], schema: pa.Schema) -> None:
        """A temporary view on Parquet files, or an empty table of the same columns without any."""
        if files:
            names = ", ".join(f"'{_quoted(path)}'" for path in files)
            self.run(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet([{names}], hive_partitioning = false)")
        else:
            self.table(name, schema.empty_table(), temporary=True)

    def table(self, name: str, content: pa.Table, *, temporary: bool = False) -> None:
        """A table from Arrow."""
        self._con.register("arrow_content", content)
        self.run(f"CREATE {'TEMP TABLE' if temporary else 'TABLE'} {name} AS SELECT * FROM arrow_content")
        self._con.unregister("arrow_content")

    def attach(self, path: Path, name: str, *, read_only: bool = False) -> frozenset[str]:
        """Attach a database under a name; the tables it holds."""
        self.run(f"ATTACH '{_quoted(path)}' AS {name}{' (READ_ONLY)' if read_only else ''}")
        rows = self.rows(f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{name}'")
        return frozenset(str(row["table_name"]) for row in rows)

    def detach(self, name: str) -> None:
        self.run(f"DETACH {name}")

    def settle(self) -> None:
        """Checkpoint: closing alone does not report a full disk."""
        self.run("CHECKPOINT")

    def close(self) -> None:
        self._con.close()


@lru_cache(maxsize=2048)
def _statements(sql: str) -> tuple[duckdb.Statement, ...]:
    """A text parsed once in the life of a process, whose refreshes run the same ones: a seventh of a small refresh."""
    return tuple(duckdb.extract_statements(sql))


@contextmanager
def _disk_refusals(path: Path) -> Iterator[None]:
    """DuckDB reports disk failures by many exceptions, always with the system's message."""
    try:
        yield
    except duckdb.Error as failure:
        for code in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO, errno.EACCES, errno.EMFILE):
            if os.strerror(code) in str(failure):
                raise OSError(code, os.strerror(code), str(path)) from failure
        raise


class Reader:
    """A published snapshot, read only; ``ref.`` is the snapshot it is compared with, when there is one."""

    def __init__(self, path: Path, reference: Path | None, memory_mb: int, threads: int) -> None:
        self._con = duckdb.connect(":memory:", config={"memory_limit": f"{memory_mb}MB", "threads": threads})
        self._con.execute(f"ATTACH '{_quoted(path)}' AS snap (READ_ONLY)")
        if reference:
            self._con.execute(f"ATTACH '{_quoted(reference)}' AS ref (READ_ONLY)")
        self.has_reference = reference is not None
        # From here on no query can reach a file or change a setting.
        self._con.execute(
            "SET GLOBAL TimeZone = 'Europe/Paris'; SET enable_external_access = false; SET lock_configuration = true"
        )
        names = self._con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'snap'").fetchall()
        self.tables = frozenset(name for (name,) in names)

    def frame(self, sql: str, **params: Any) -> pd.DataFrame:
        """Rows of a query whose parameters are bound by name (``$dci_key``)."""
        with self._cursor() as cursor:
            return _plain_lists((cursor.execute(sql, params) if params else cursor.execute(sql)).df())

    def rows(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        """Rows of a query as dictionaries, with Python None and dates."""
        with self._cursor() as cursor:
            return _dictionaries(cursor.execute(sql, params) if params else cursor.execute(sql))

    def row(self, sql: str, **params: Any) -> dict[str, Any] | None:
        rows = self.rows(sql, **params)
        return rows[0] if rows else None

    def has(self, table: str) -> bool:
        """Whether the artefact holds a table: the shared one has none per laboratory."""
        return table in self.tables

    def close(self) -> None:
        self._con.close()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._con.cursor()
        try:
            # A cursor does not inherit the database in use.
            cursor.execute("USE snap")
            yield cursor
        finally:
            cursor.close()


def reader(
    snapshots: Path, snapshot: str, artefact: Artefact, reference: str | None, memory_mb: int, threads: int
) -> Reader:
    """The reader of a published snapshot, shared by every session of the process that may see this artefact."""
    path = snapshots / snapshot / f"{artefact}.duckdb"
    other = snapshots / reference / f"{artefact}.duckdb" if reference else None
    return _reader(path, identity(path), other, memory_mb, threads)


@lru_cache(maxsize=8)
def _reader(path: Path, _: Identity, reference: Path | None, memory_mb: int, threads: int) -> Reader:
    """Keyed by the file as well: a snapshot rebuilt under its name is another file."""
    return Reader(path, reference, memory_mb, threads)


@dataclass(frozen=True)
class InForce:
    """The snapshot to read (None: never published), and the one that should be when it cannot be opened."""

    snapshot: str | None
    damaged: str | None = None


def in_force(snapshots: Path, artefact: Artefact | None = None) -> InForce:
    """The snapshot the pointer names, else the newest one that opens. ``artefact`` None: both must."""
    named = pointed(snapshots)
    if is_usable(snapshots, named, artefact):
        return InForce(named)
    newest_first = sorted((path.name for path in folders(snapshots)), reverse=True)
    usable = next((name for name in newest_first if is_usable(snapshots, name, artefact)), None)
    newer = [name for name in newest_first if usable is None or name > usable]
    return InForce(usable, named or next(iter(newer), None))


def current(snapshots: Path, artefact: Artefact | None = None) -> str | None:
    """Identifier of the snapshot to read."""
    return in_force(snapshots, artefact).snapshot


def is_usable(snapshots: Path, snapshot: str, artefact: Artefact | None = None) -> bool:
    """Whether a snapshot is complete, matches its seal, and opens; checked once per file."""
    folder = snapshots / snapshot
    if not is_whole(folder, artefact):
        return False
    manifest = describe(snapshots, snapshot)
    paths = {name: folder / f"{name}.duckdb" for name in asked(artefact)}
    try:
        return all(_opens(path, identity(path), sealed(manifest, name).get("sha256")) for name, path in paths.items())
    except OSError:
        return False


@lru_cache(maxsize=1024)
def _opens(path: Path, _: Identity, sha256: str | None) -> bool:
    """Raises OSError, so that a passing disk failure is retried. ``sha256`` None: a seal older than hashes."""
    if sha256 and digest_of(path) != sha256:
        return False
    try:
        with closing(Reader(path, None, memory_mb=64, threads=1)) as probe:
            probe.rows("SELECT snapshot_id FROM snapshot_info")
    except duckdb.Error:
        return False
    return True


def _plain_lists(table: pd.DataFrame) -> pd.DataFrame:
    """List columns as lists with None: they come as masked arrays, whose unknowns turn into numbers."""
    from pandas.api.types import is_object_dtype  # noqa: PLC0415 – a sixth of the start of a command that reads no frame

    for name in table.columns:
        if is_object_dtype(table[name]) and any(isinstance(cell, np.ndarray) for cell in table[name]):
            table[name] = [cell.tolist() if isinstance(cell, np.ndarray) else cell for cell in table[name]]
    return table


def _dictionaries(done: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in done.description or []]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
