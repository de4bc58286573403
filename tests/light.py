"""A refresh that computes only the tables a test looks at, and those they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from data import sqlfiles
from data.alerts import publishing
from data.building import snapshot
from data.journal import Journal
from data.settings import Settings
from data.sqlfiles import SqlFile
from data.warehouse import Writer


@contextmanager
def light(*tables: str) -> Iterator[None]:
    """Refreshes without the other metrics, the checks that read them, the shared artefact and the life of alerts.

    The core of the warehouse and the queries of these tables are those of every refresh. For a test about a figure:
    worlds computed whole are those of the demo, of ``tests/data`` and of the pages.
    """
    metrics = {file.name: file for file in sqlfiles.families(snapshot.METRICS)}
    kept, todo = set[str](), list(tables)
    while todo:
        name = todo.pop()
        kept.add(name)
        todo += [other for other in sqlfiles.tables_read(metrics[name].sql) & metrics.keys() if other not in kept]
    left_out = metrics.keys() - kept

    def families(_: Path) -> list[SqlFile]:
        return [metrics[name] for name in sorted(kept)]

    def check(writer: Writer, folder: Path) -> None:
        files = [file for file in sqlfiles.folder(folder) if not sqlfiles.tables_read(file.sql) & left_out]
        with patch.object(sqlfiles, "folder", lambda _: files):
            _check(writer, folder)

    _check = snapshot._check
    with (
        patch.object(sqlfiles, "families", families),
        patch.object(snapshot, "_check", check),
        patch.object(snapshot, "_write_shared", _nothing_shared),
        patch.object(publishing, "publish", _journal_only),
    ):
        yield


def _journal_only(settings: Settings, _: str) -> list[str]:
    journal = Journal(settings.journal)
    journal.migrate()
    journal.close()
    return []


def _nothing_shared(work: Path) -> None:
    """The artefact that a snapshot must have to be in force."""
    writer = Writer(work / "shared.duckdb")
    writer.attach(work / "restricted.duckdb", "restricted", read_only=True)
    writer.run("CREATE TABLE snapshot_info AS SELECT * FROM restricted.snapshot_info")
    writer.settle()
    writer.close()
