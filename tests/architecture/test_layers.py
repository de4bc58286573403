"""Imports flow one way, and each library has its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import app

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("connectors", "data", "metrics", "pages", "app")  # each may import itself and those before it
FRONT = ("streamlit", "plotly")


def _modules() -> Iterator[tuple[str, Path]]:
    yield "app", ROOT / "app.py"
    for layer in LAYERS[:-1]:
        for path in (ROOT / layer).rglob("*.py"):
            yield layer, path


def _imports(path: Path) -> set[str]:
    """Top-level packages a module imports, anywhere in its code."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize(("layer", "path"), list(_modules()), ids=lambda value: str(value).removeprefix(f"{ROOT}/"))
def test_a_module_imports_only_what_its_layer_may(layer: str, path: Path) -> None:
    imports = _imports(path)
    later = set(LAYERS[LAYERS.index(layer) + 1 :])
    assert not imports & later
    if layer not in {"pages", "app"}:
        assert not imports & set(FRONT)
    if path != ROOT / "data" / "warehouse.py":
        assert "duckdb" not in imports


def test_no_page_script_stands_directly_under_pages() -> None:
    """Streamlit runs such a script without the frame when a deep link follows a restart."""
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


def test_a_page_is_a_script_named_after_its_address() -> None:
    """Any other file of a section is a helper of that section's pages, and of no other section."""
    scripts = {entry.page for entry in app.entries(app.configured())}
    assert all((ROOT / "pages" / f"{page}.py").is_file() for page in scripts)
    for path in (ROOT / "pages").glob("*/*.py"):
        name = path.relative_to(ROOT / "pages").with_suffix("").as_posix()
        calls_main = path.read_text(encoding="utf-8").endswith("\nmain()\n")
        assert calls_main is (name in scripts), f"{name}: a page runs main(), a helper runs nothing"


def test_a_section_does_not_import_from_another() -> None:
    """What two sections need stands in components."""
    for path in (ROOT / "pages").glob("*/*.py"):
        if path.parent.name != "components":
            sections = re.findall(r"(?:from|import) pages\.(\w+)", path.read_text(encoding="utf-8"))
            assert set(sections) <= {path.parent.name, "components"}, path


def test_a_family_of_metrics_is_a_folder_with_a_title() -> None:
    from metrics.methods import families, methods

    assert {file.family for file in methods().values()} == {
        path.name for path in (ROOT / "metrics").iterdir() if path.is_dir() and list(path.glob("*.sql"))
    }
    assert not list((ROOT / "metrics").glob("*.sql"))
    assert all(families())


def test_no_package_bears_the_name_of_a_folder_of_the_home() -> None:
    """``inbox raw lake snapshots`` are ignored by git: a package of that name would not be committed."""
    names = {path.parent.name for path in (ROOT / "data").rglob("__init__.py")}
    assert not names & {"inbox", "raw", "lake", "snapshots"}


def test_no_sql_in_pages() -> None:
    for path in (ROOT / "pages").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "SELECT " not in text, path
        assert ".frame(" not in text, path


def test_no_break_spaces_are_written_in_one_module() -> None:
    """Texts are typed with ordinary spaces; ``connectors.language.typography`` spaces them where they leave."""
    reads_them = {ROOT / "connectors/language/typography.py", ROOT / "connectors/reading/french.py"}
    for _, path in _modules():
        if path not in reads_them:
            assert not re.search(
                r"\\u00a0|\\u202f|\\xa0|0xA0|[\u00a0\u202f]|&nbsp;", path.read_text(encoding="utf-8")
            ), path


def test_html_goes_to_the_screen_through_two_functions() -> None:
    """``markup.show`` for what is live, ``blocks.show`` for what was made once: both give it its French typography.

    The map is a block that goes another way, its drawing being kept.
    """
    ways = ("markup.py", "blocks.py", "charts/maps.py")
    shows = {ROOT / "pages/components" / name for name in ways}
    for path in (ROOT / "app.py", *(ROOT / "pages").rglob("*.py")):
        if path not in shows:
            assert not re.search(r"\bst\.(?:html|markdown|write)\(", path.read_text(encoding="utf-8")), path


def test_every_metric_says_its_method() -> None:
    """A figure without question, grain, unit, formula, meaning of NULL, source and rule is not shown."""
    from metrics.methods import methods

    assert methods()
    for name, file in methods().items():
        assert file.question.endswith("?"), name
        assert {"grain", "unité", "formule", "absence", "source", "règle"} <= file.method.keys(), name


def test_thresholds_named_by_metrics_exist() -> None:
    from data.reference.thresholds import plausibility, thresholds
    from metrics.methods import methods

    named = {
        item.strip() for file in methods().values() for item in file.method.get("seuils", "").split(",") if item.strip()
    }
    assert named <= {**thresholds(), **plausibility()}.keys()
