"""SQL files: one query each, its question on the first line, its method in the comments below it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from graphlib import TopologicalSorter
from pathlib import Path

ON_READ = "à la lecture"  # ``-- calcul :`` of a query that fills no table


@dataclass(frozen=True)
class SqlFile:
    """``name`` is the table it fills; ``question`` and ``method`` are what the reader of a figure is shown.

    ``family``: the folder it lies in.
    """

    name: str
    family: str
    question: str
    method: dict[str, str]
    sql: str

    @property
    def is_published(self) -> bool:
        """Whether it fills a table of each snapshot; the others compare two snapshots, and are computed when read."""
        return self.method.get("calcul") != ON_READ

    @property
    def is_shared_again(self) -> bool:
        """Whether the shared artefact computes it on its own tables: it can reveal nothing that they do not hold."""
        return "partage" in self.method


def load(path: Path) -> SqlFile:
    """Read a file; the header is its leading ``--`` lines: a question, then ``key : text`` (two spaces continue)."""
    text = path.read_text(encoding="utf-8")
    header = [line[2:] for line in _leading_comments(text)]
    method: dict[str, str] = {}
    key = ""
    for line in header[1:]:
        match = re.match(r" (\S[^:]{0,20}?) ?: (.*)", line)
        if match:
            key = match[1]
            method[key] = match[2].strip()
        elif key:
            method[key] += " " + line.strip()
    question = header[0].strip() if header else ""
    return SqlFile(path.stem, path.parent.name, question, method, text.strip().rstrip(";"))


@cache
def beside(module: str, name: str) -> str:
    """The query ``<name>.sql`` that lies beside a module (``__file__``), for tables computed when read."""
    return load(Path(module).with_name(f"{name}.sql")).sql


def _leading_comments(text: str) -> list[str]:
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line)
    return lines


def folder(path: Path) -> list[SqlFile]:
    """Files of a folder, in the order of their names."""
    return [load(file) for file in sorted(path.glob("*.sql"))]


def families(path: Path) -> list[SqlFile]:
    """Files of the folders of a folder, one folder per family, in the order of their names."""
    return [load(file) for file in sorted(path.glob("*/*.sql"))]


def in_order(files: Iterable[SqlFile]) -> list[SqlFile]:
    """Each query after those whose tables it reads. Raises CycleError when two need each other."""
    by_name = {file.name: file for file in files}
    needs = {name: (tables_read(file.sql) & by_name.keys()) - {name} for name, file in by_name.items()}
    return [by_name[name] for name in TopologicalSorter(needs).static_order()]


@lru_cache(maxsize=1024)  # a third of the time of a small refresh, and the files do not change between two
def tables_read(sql: str) -> frozenset[str]:
    """Tables a query reads without naming their database, those it defines itself left out."""
    # Imported here: a page reads the headers of these files, and never orders them.
    from sqlglot import exp, parse_one  # noqa: PLC0415

    tree = parse_one(sql, dialect="duckdb")
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return frozenset(table.name for table in tree.find_all(exp.Table) if not table.db) - own
