"""The tables of faults and of promises stay true: every test they name exists, every sentence quoted is in the code.

A test is named alone when one file holds it, else ``tests/path.py::test_name``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.typography import TYPED

PROJECT = Path(__file__).parents[2]
TABLE = (PROJECT / "docs" / "reliability.md").read_text(encoding="utf-8")
PROMISES = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(?:(tests/[\w/]+\.py)::)?(test_\w+)`")
NAMED = sorted(set(TEST.findall(TABLE + PROMISES)))
QUOTED = sorted(set(re.findall(r"«\s(.+?)\s»", TABLE)))
_COMPUTED = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)  # in a template
LEAST = 3  # letters of a part worth looking for: the rest is punctuation between names and numbers


@cache
def _files_by_test() -> dict[str, list[str]]:
    """The files that hold a test of each name."""
    files: dict[str, list[str]] = {}
    for path in sorted((PROJECT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}:
            files.setdefault(name, []).append(path.relative_to(PROJECT).as_posix())
    return files


@cache
def _written() -> str:
    """Every text of the code, a line each; what is computed inside one cuts it."""
    folders = ("connectors", "data", "metrics", "pages")
    kinds = {".py", ".sql", ".csv", ".j2"}
    files = [path for folder in folders for path in (PROJECT / folder).rglob("*") if path.suffix in kinds]
    return "\n".join(_plain(text) for path in files for text in _texts(path))


def _texts(path: Path) -> Iterator[str]:
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".j2":
        yield from _COMPUTED.split(content)
        yield from re.findall(r'"([^"]+)"', " ".join(re.findall(r"\{[{%].*?[}%]\}", content, re.DOTALL)))
        return
    if path.suffix != ".py":
        yield content.replace("''", "'")
        return
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(TYPED))


def test_the_table_is_read() -> None:
    assert len(NAMED) > 250
    assert len(QUOTED) > 60


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_of_the_table_exists(path: str, name: str) -> None:
    files = _files_by_test().get(name, [])
    assert path in files if path else len(files) == 1, f"{name}: in {files}"


@pytest.mark.parametrize("sentence", QUOTED)
def test_a_sentence_of_the_table_is_in_the_code(sentence: str) -> None:
    parts = [part.strip() for part in re.split(r"[…;:,.()]|\d+", _plain(sentence))]
    missing = [part for part in parts if len(part) >= LEAST and part not in _written()]
    assert missing == []


@pytest.mark.parametrize("text", [TABLE, PROMISES], ids=["faults", "promises"])
def test_every_row_names_a_test(text: str) -> None:
    rows = [
        line
        for line in text.splitlines()
        if line.startswith("| ") and not line.startswith(("| promise |", "| fault |"))
    ]
    assert len(rows) > 20
    assert [row for row in rows if not TEST.search(row)] == []


def test_pictures_of_the_table_exist() -> None:
    assert [
        name
        for name in re.findall(r"\(images/([\w-]+\.png)\)", TABLE)
        if not (PROJECT / "docs/images" / name).is_file()
    ] == []
