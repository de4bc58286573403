"""How pages are made: no tag in a Python string, nothing escaped by hand, one style sheet, plain links."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "pages").rglob("*.py"))
TEMPLATES = sorted((ROOT / "pages").rglob("*.html.j2"))
# <script> of the browser's own helpers, kept whole so that their hash is known to the proxy; Plotly reads a few tags in labels.
_SCRIPTS = ("components/shell/browser.py", "components/shell/address.py")
_CHARTS = ("components/charts/",)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(\s[^<>]*)?/?>", re.IGNORECASE)
_WITH_STYLE = ("components/templates/frame.html.j2", "components/gate/full.html.j2")
_PLOTLY = re.compile(r"</?(b|i|br|sub|sup|span|extra|a)\b[^<>]*>")


def strings(path: Path) -> list[tuple[int, str]]:
    """Every text of a module but its docstrings, with its line."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "pages"))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_tag_is_written_in_a_string(path: Path) -> None:
    if name(path) in _SCRIPTS:
        pytest.skip("scripts of the browser")
    found = [(line, text) for line, text in strings(path) if _TAG.search(text)]
    if name(path).startswith(_CHARTS) or any("plotly" in line for line in path.read_text("utf-8").splitlines()):
        found = [(line, text) for line, text in found if _TAG.search(_PLOTLY.sub("", text))]
    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_nothing_is_escaped_by_hand_nor_linked_by_the_framework(path: Path) -> None:
    source = path.read_text("utf-8")
    if not name(path).startswith(_CHARTS):
        assert "from html import escape" not in source, "templates escape"
    assert "page_link(" not in source, "a plain link, followed by the script of the frame"
    assert "<style" not in source


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_trusts_no_text(path: Path) -> None:
    source = path.read_text("utf-8")
    assert "|safe" not in source.replace(" ", "")
    assert "autoescape" not in source
    assert "<style" not in source or name(path) in _WITH_STYLE
    styles = re.findall(r'style="([^"]*)"', source)
    assert [style for style in styles if "{{" not in style] == [], "only what depends on the data"


def test_a_cell_says_its_own_column_on_a_phone() -> None:
    """A column added to a list would shift the names that a style sheet gives by rank."""
    sheet = (ROOT / "pages" / "components" / "shell" / "vigistock.css").read_text("utf-8")
    assert "content: attr(data-label)" in sheet
    assert not re.findall(r"nth-child\([^)]*\)::before", sheet)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_legends_are_drawn_in_one_place(path: Path) -> None:
    """``charts/legend.py`` alone says where a legend stands, in which order and with which marks."""
    if name(path) != "components/charts/legend.html.j2":
        assert not re.search(r"vs-(legend|swatch|ramp)(?![\w-])", path.read_text("utf-8"))


def test_every_chart_and_every_map_has_a_legend() -> None:
    """A chart gives its legend with its figure, so that none is drawn without; a map cannot be shown without one."""
    charts = {
        f"{name(path)}:{node.name}": ast.unparse(node.returns) if node.returns else ""
        for path in PAGES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and any(ast.unparse(item) == "chart" for item in node.decorator_list)
    }
    assert len(charts) > 5
    assert {where: returned for where, returned in charts.items() if returned != "Drawn"} == {}
    maps = ast.parse((ROOT / "pages/components/charts/maps.py").read_text("utf-8"))
    show = next(node for node in maps.body if isinstance(node, ast.FunctionDef) and node.name == "show")
    assert [ast.unparse(arg.annotation) for arg in show.args.args if arg.annotation] == ["Markup", "legend.Legend"]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_length_is_never_capped_nor_scaled_by_hand(path: Path) -> None:
    """Bars come from one macro, in proportion to a whole that the heading says; a gauge is a share of its own ground."""
    found = [
        line
        for line in re.findall(r'<i[^>]*style="width:\{\{[^"]*"', path.read_text("utf-8"))
        if "row.share }}%" not in line
    ]
    assert not found or name(path) == "components/templates/parts.html.j2"
