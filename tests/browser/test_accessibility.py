"""Main pages hold no critical defect of accessibility of ours, by axe-core."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.paths import PAGES
from tests.browser.watch import Watched

# Drawn by Streamlit, out of our hands: its top menu, its toolbar, the canvas tables (a table twin can be downloaded),
# the inner parts of its select boxes, the button bar of Plotly.
CHROME = [
    ['[data-testid="stHeader"]'],
    ['[data-testid="stToolbar"]'],
    ['[data-testid="stDataFrame"]'],
    ['[data-baseweb="select"]'],
    [".modebar"],
]
MAIN = ("revue", "plan-hivernal", "molecule", "territoires", "declarations", "sources", "methode")


@pytest.mark.parametrize("name", MAIN)
def test_no_critical_violation(demo_page: Watched, name: str) -> None:
    demo_page.open(PAGES[name])
    found = Axe().run(demo_page.page, context={"exclude": CHROME}).response["violations"]
    critical = [told(item) for item in found if item["impact"] == "critical"]
    assert not critical, critical


@pytest.mark.parametrize("name", MAIN)
def test_text_of_ours_is_readable(demo_page: Watched, name: str) -> None:
    """Contrast of everything written by the project itself."""
    demo_page.open(PAGES[name])
    options = {"runOnly": ["color-contrast"]}
    found = Axe().run(demo_page.page, context={"exclude": CHROME}, options=options).response["violations"]
    ours = [node for item in found for node in item["nodes"] if "vs-" in node["html"]]
    assert not ours, [node["html"] for node in ours]


def told(violation: dict[str, Any]) -> str:
    return f"{violation['id']} : {violation['help']} – {[node['html'][:200] for node in violation['nodes'][:3]]}"
