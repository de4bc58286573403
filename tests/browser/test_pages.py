"""Each page, opened once by its address: whole, in French, without critical defect of accessibility of ours (axe-core)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from tests.browser.paths import PAGES
from tests.browser.watch import Watched, watch_in
from tests.browser.whole import assert_whole

# Drawn by Streamlit, out of our hands: its top menu, its toolbar, the canvas tables (a table twin can be downloaded),
# the inner parts of its select boxes, the button bar of Plotly.
CHROME = [
    ['[data-testid="stHeader"]'],
    ['[data-testid="stToolbar"]'],
    ['[data-testid="stDataFrame"]'],
    ['[data-baseweb="select"]'],
    [".modebar"],
]


@pytest.fixture(scope="module", params=list(PAGES.values()), ids=list(PAGES))
def opened(request: pytest.FixtureRequest, demo_reader: BrowserContext, demo_address: str) -> Iterator[Watched]:
    """One of them, opened once for every question."""
    seen = watch_in(demo_reader, demo_address)
    seen.open(request.param)
    yield seen
    seen.page.close()
    seen.judge()


def test_a_deep_link_opens_its_page(opened: Watched) -> None:
    assert_whole(opened)


def test_no_critical_violation(opened: Watched) -> None:
    found = Axe().run(opened.page, context={"exclude": CHROME}).response["violations"]
    critical = [described(item) for item in found if item["impact"] == "critical"]
    assert not critical, critical


def test_text_of_ours_is_readable(opened: Watched) -> None:
    """Contrast of everything written by the project itself."""
    options = {"runOnly": ["color-contrast"]}
    found = Axe().run(opened.page, context={"exclude": CHROME}, options=options).response["violations"]
    ours = [node for item in found for node in item["nodes"] if "vs-" in node["html"]]
    assert not ours, [node["html"] for node in ours]


def described(violation: dict[str, Any]) -> str:
    return f"{violation['id']} : {violation['help']} – {[node['html'][:200] for node in violation['nodes'][:3]]}"
