"""A refresh that computes only the tables a test looks at, and those they are made of."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from unittest.mock import patch

import duckdb

from data import sqlfiles
from data.alerts import publishing
from data.building import snapshot
from data.journal import Journal
from data.settings import Settings
from data.sqlfiles import SqlFile
from data.warehouse import Writer

COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
MADE = re.compile(r"(?:CREATE (?:TEMP )?(?:TABLE|VIEW|MACRO)|INSERT INTO) (\w+)")


@contextmanager
def light(*tables: str) -> Iterator[None]:
    """Refreshes without the other metrics, the core tables and checks of those, the shared artefact and the life of alerts.

    What is left is computed by the queries of every refresh. For a test about a figure: worlds computed whole are those
    of the demo, of ``tests/data`` and of the pages.
    """
    metrics = _metrics()
    kept, todo = set[str](), list(tables)
    while todo:
        name = todo.pop()
        kept.add(name)
        todo += [other for other in sqlfiles.tables_read(metrics[name].sql) & metrics.keys() if other not in kept]
    left_out = metrics.keys() - kept
    core = _core(frozenset(kept))

    def folder(path: Path) -> list[SqlFile]:
        if path == snapshot.CORE:
            return list(core)
        return [file for file in _folder(path) if not sqlfiles.tables_read(file.sql) & left_out]

    _folder = sqlfiles.folder
    with (
        patch.object(sqlfiles, "families", lambda _: [metrics[name] for name in sorted(kept)]),
        patch.object(sqlfiles, "folder", folder),
        patch.object(snapshot, "_write_shared", _nothing_shared),
        patch.object(publishing, "publish", _journal_only),
    ):
        yield


@cache
def _metrics() -> dict[str, SqlFile]:
    return {file.name: file for file in sqlfiles.families(snapshot.METRICS)}


@cache
def _core(kept: frozenset[str]) -> tuple[SqlFile, ...]:
    """Files of the core with the statements that these metrics need, that every snapshot holds, or that Python reads.

    A name written in a text is one that it needs: more may be kept than is read, and one left out by mistake is an error.
    """
    statements = _core_statements()
    needs = {name: _words(*texts) & statements.keys() - {name} for name, texts in statements.items()}
    left_out = _metrics().keys() - kept
    checks = [file.sql for file in sqlfiles.folder(snapshot.CHECKS) if not sqlfiles.tables_read(file.sql) & left_out]
    needed, todo = set[str](), _words(*(_metrics()[name].sql for name in kept), *checks, *_texts_of_building())
    todo |= {name for name, texts in statements.items() if texts[0].startswith("CREATE TABLE")}
    while todo := todo & statements.keys() - needed:
        needed |= todo
        todo = set().union(*(needs[name] for name in todo))
    return tuple(
        replace(file, sql=";\n".join(text for text in _parts(file.sql) if _made(text) in needed))
        for file in sqlfiles.folder(snapshot.CORE)
    )


@cache
def _core_statements() -> dict[str, list[str]]:
    """What makes each table, view and macro of the core: the rows added to it too."""
    found: dict[str, list[str]] = {}
    for file in sqlfiles.folder(snapshot.CORE):
        for text in _parts(file.sql):
            found.setdefault(_made(text), []).append(text)
    return found


@cache
def _parts(sql: str) -> tuple[str, ...]:
    return tuple(COMMENT.sub("", part.query).strip() for part in duckdb.extract_statements(sql))


def _made(text: str) -> str:
    made = MADE.match(text)
    assert made, text
    return made[1]


@cache
def _texts_of_building() -> tuple[str, ...]:
    """What the Python steps of a snapshot write between quotes: their queries, and the names of tables put in them."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(snapshot.__file__).parent.glob("*.py")]
    constants = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return tuple(value for value in constants if isinstance(value, str))


def _words(*texts: str) -> set[str]:
    return set(re.findall(r"\w+", COMMENT.sub("", "\n".join(texts))))


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
