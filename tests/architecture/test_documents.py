"""What the documents name between backticks is in the repository: files, test functions and commands of ``make``."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from connectors.base import HEADERS

PROJECT = Path(__file__).parents[2]
DOCUMENTS = [PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "GLOSSARY.md")] + sorted(
    (PROJECT / "docs").glob("*.md")
)
# Typed by an administrator, written by a run, or refused by a decision.
ELSEWHERE = {
    "bom.cdx.json",  # written by make audit
    *("access.toml", "secrets.toml", ".streamlit/secrets.toml"),
    *("inbox/demo.json", "last_run.json", "snapshots/last_run.json", "uv.lock"),
}
FILE = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|sql|toml|csv|txt|sh|md|json))(?:::(\w+))?`")
TARGET = re.compile(r"`make ([a-z-]+)")


@cache
def _tracked() -> tuple[str, ...]:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return tuple(f"/{name}" for name in listed.splitlines())


def _missing(text: str) -> list[str]:
    """Names that no file of the repository ends with; a name with a placeholder ``<…>`` or a glob is not a name."""
    missing = []
    for name, function in FILE.findall(text):
        holders = [path for path in _tracked() if path.endswith(f"/{name}")]
        if name not in ELSEWHERE and not holders:
            missing.append(name)
        elif function and not any(f"def {function}(" in (PROJECT / path[1:]).read_text("utf-8") for path in holders):
            missing.append(f"{name}::{function}")
    return missing


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_named_by_a_document_exist(path: Path) -> None:
    assert _missing(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_named_by_a_document_exist(path: Path) -> None:
    made = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(TARGET.findall(path.read_text(encoding="utf-8"))) <= made


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_a_document_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_recipe_of_a_source_explains_every_column_of_a_header_table() -> None:
    recipe = (
        (PROJECT / "CONTRIBUTING.md")
        .read_text(encoding="utf-8")
        .split("## Add a source")[1]
        .split("## Add a metric")[0]
    )
    rows = re.findall(r"^ *\| (`.+?`) \|", recipe, re.MULTILINE)
    explained = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    read = {name for path in HEADERS.glob("*.csv") for name in path.read_text("utf-8").splitlines()[0].split(",")}
    assert explained == read


def test_a_name_that_does_not_exist_is_seen() -> None:
    assert _missing("`data/no_such.py` `test_documents.py::test_no_such` `<nn>_<name>.sql` `data/refresh.py`") == [
        "data/no_such.py",
        "test_documents.py::test_no_such",
    ]
