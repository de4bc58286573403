"""Imports flow one way, and each library has its place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("connectors", "data", "metrics", "pages", "app")  # each may import itself and those before it
FRONT = ("streamlit", "plotly", "pydeck")


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


def test_no_sql_in_pages() -> None:
    for path in (ROOT / "pages").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "SELECT " not in text, path
        assert ".frame(" not in text, path


def test_every_metric_says_its_method() -> None:
    """A figure without question, grain, unit, formula, meaning of NULL, source and rule is not shown."""
    from metrics.methods import methods

    assert methods()
    for name, file in methods().items():
        assert file.question.endswith("?"), name
        assert {"grain", "unité", "formule", "absence", "source", "règle"} <= file.method.keys(), name


def test_thresholds_named_by_metrics_exist() -> None:
    from data.reference_tables import plausibility, thresholds
    from metrics.methods import methods

    named = {
        item.strip() for file in methods().values() for item in file.method.get("seuils", "").split(",") if item.strip()
    }
    every = {**thresholds(), **plausibility()}
    assert named <= every.keys()
    for name, item in every.items():
        assert {"value", "unit", "label", "origin", "to_validate"} == item.keys(), name
