"""Each page, opened once by its address: whole, in French, without serious defect of accessibility of ours (axe-core),
and whole again at twice the size of its letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from tests.browser import screenshots
from tests.browser.paths import EVERY_PAGE, PROJECTED
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


# A list, cards, a map, a chart, a table with forms; the other pages are long.
SEED = {"revue", "plan-hivernal", "molecule", "territoires", "sources"}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(path, id=name, marks=() if name in SEED else pytest.mark.long) for name, path in EVERY_PAGE.items()
    ],
)
def opened(request: pytest.FixtureRequest, demo_reader: BrowserContext, demo_address: str) -> Iterator[Watched]:
    """One of them, opened once for every question."""
    seen = watch_in(demo_reader, demo_address)
    seen.open(request.param)
    yield seen
    seen.page.close()
    seen.judge()


def test_a_deep_link_opens_its_page(opened: Watched) -> None:
    assert_whole(opened)


# Addresses that show the page of another one, otherwise sorted or filtered: the same subject.
ALIKE = {"alertes": "revue", "declarations-filtrees": "declarations"}
_TABS: dict[str, str] = {}


def test_the_tab_is_told_from_those_of_other_pages(opened: Watched, request: pytest.FixtureRequest) -> None:
    name, title = request.node.callspec.id, opened.page.title()
    assert title.endswith(" – Vigistock")
    _TABS[name] = title
    alike = {ALIKE.get(other, other) for other, said in _TABS.items() if said == title}
    assert alike == {ALIKE.get(name, name)}


def test_no_serious_violation(opened: Watched) -> None:
    assert grave(opened) == []


@pytest.mark.long
@pytest.mark.parametrize("path", PROJECTED.values(), ids=PROJECTED)
def test_no_serious_violation_on_a_projected_screen(demo_reader: BrowserContext, demo_address: str, path: str) -> None:
    seen = watch_in(demo_reader, demo_address)
    seen.open(path)
    found, exceptions = grave(seen), seen.exceptions()
    seen.page.close()
    seen.judge()
    assert found == []
    assert exceptions == []


@pytest.mark.long
def test_no_serious_violation_on_one_declaration(
    demo_reader: BrowserContext, demo_address: str, demo_folder: Path
) -> None:
    seen = watch_in(demo_reader, demo_address)
    seen.open(screenshots.pages(demo_folder)["declaration"])
    assert_whole(seen)
    found = grave(seen)
    seen.page.close()
    seen.judge()
    assert found == []


def grave(seen: Watched) -> list[str]:
    """Serious violations of accessibility, what the framework draws set aside."""
    found = Axe().run(seen.page, context={"exclude": CHROME}).response["violations"]
    return [described(item) for item in found if item["impact"] in ("serious", "critical")]


def test_text_of_ours_is_readable(opened: Watched) -> None:
    """Contrast of everything written by the project itself."""
    options = {"runOnly": ["color-contrast"]}
    found = Axe().run(opened.page, context={"exclude": CHROME}, options=options).response["violations"]
    ours = [node for item in found for node in item["nodes"] if "vs-" in node["html"]]
    assert not ours, [node["html"] for node in ours]


# Signs and figures out of the window sideways; what a closed fold holds is not shown, and is left out.
_OUTSIDE = """() => [...document.querySelectorAll('.vs-pill, .vs-days, .vs-num')].filter(sign => {
  const box = sign.getBoundingClientRect();
  return !sign.closest('details:not([open])') && (box.width === 0 || box.left < -1 || box.right > innerWidth + 1);
}).map(sign => sign.textContent)"""
_SIDEWAYS = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth);
}"""


@pytest.mark.parametrize(
    ("width", "height"), [(640, 360), (390, 844), (1000, 700), (1920, 1080)], ids=["200 %", "phone", "tablet", "room"]
)
def test_signs_and_days_stay_in_the_window(opened: Watched, width: int, height: int) -> None:
    """1280 × 720 at 200 % is 640 × 360 to a page: it never scrolls sideways, and no status nor figure is out of sight."""
    before = opened.page.viewport_size
    opened.page.set_viewport_size({"width": width, "height": height})
    opened.settle()
    outside, sideways = opened.page.evaluate(_OUTSIDE), opened.page.evaluate(_SIDEWAYS)
    if before is not None:
        opened.page.set_viewport_size(before)
    assert outside == []
    assert sideways <= 0


def described(violation: dict[str, Any]) -> str:
    return f"{violation['id']} : {violation['help']} – {[node['html'][:200] for node in violation['nodes'][:3]]}"
