"""SQL files: one query each, its question on the first line, its method in the comments below it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path


@dataclass(frozen=True)
class SqlFile:
    """``name`` is the table it fills; ``question`` and ``method`` are what the reader of a figure is shown."""

    name: str
    question: str
    method: dict[str, str]
    sql: str


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
    return SqlFile(path.stem, header[0].strip() if header else "", method, text.strip().rstrip(";"))


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


def in_order(files: Iterable[SqlFile]) -> list[SqlFile]:
    """Each query after those whose tables it reads. Raises CycleError when two need each other."""
    by_name = {file.name: file for file in files}
    read = {name: set(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", _code(file.sql))) for name, file in by_name.items()}
    needs = {name: (read[name] & by_name.keys()) - {name} for name in by_name}
    return [by_name[name] for name in TopologicalSorter(needs).static_order()]


def _code(sql: str) -> str:
    return "\n".join(line.split("--")[0] for line in sql.splitlines())
