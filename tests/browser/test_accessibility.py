"""Main pages hold no critical defect of accessibility of ours, by axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.browser.paths import PAGES
from tests.browser.watch import watch_in

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


@pytest.fixture(scope="module", params=MAIN)
def opened(request: pytest.FixtureRequest, demo_reader: BrowserContext, demo_address: str) -> Iterator[Page]:
    """One of them, opened once for both questions."""
    seen = watch_in(demo_reader, demo_address)
    seen.open(PAGES[request.param])
    yield seen.page
    seen.page.close()
    seen.judge()


def test_no_critical_violation(opened: Page) -> None:
    found = Axe().run(opened, context={"exclude": CHROME}).response["violations"]
    critical = [told(item) for item in found if item["impact"] == "critical"]
    assert not critical, critical


def test_text_of_ours_is_readable(opened: Page) -> None:
    """Contrast of everything written by the project itself."""
    options = {"runOnly": ["color-contrast"]}
    found = Axe().run(opened, context={"exclude": CHROME}, options=options).response["violations"]
    ours = [node for item in found for node in item["nodes"] if "vs-" in node["html"]]
    assert not ours, [node["html"] for node in ours]


def told(violation: dict[str, Any]) -> str:
    return f"{violation['id']} : {violation['help']} – {[node['html'][:200] for node in violation['nodes'][:3]]}"
