"""The server is started again under an open page: French words only, and the first click counts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.server import BY_SCRIPT, dashboard, free_port
from tests.browser.watch import Watched

# What a browser says of a server that does not answer, which the test wants.
UNANSWERED = re.compile(
    r"ERR_CONNECTION_REFUSED|WebSocket connection to|server is not responding|/_stcore/|ERR_EMPTY_RESPONSE"
)
PATH = "/molecule?sujet=amoxicilline-susp-500"
STATE = '[data-testid="stApp"]'
RECONNECTING = "Reconnexion…"
WAIT_MS = 60_000


def _lost(page: Page) -> None:
    """The page says so in French; no box of the framework is seen."""
    expect(page.locator(".vs-reconnect")).to_have_text(RECONNECTING, timeout=WAIT_MS)
    page.wait_for_timeout(4000)  # the framework shows its own box after two failed attempts
    seen = page.locator("body").inner_text()
    assert not re.search(r"Connection error|Connecting|Is Streamlit|still running|server is not", seen), seen
    assert page.get_by_role("dialog").count() == 0


def _back(page: Page) -> None:
    expect(page.locator(STATE)).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=WAIT_MS)
    expect(page.locator(".vs-reconnect")).to_have_text("", timeout=WAIT_MS)


def _restarted(demo_folder: Path, visitor: Visitor, *, clicks: bool) -> None:
    """Clicked while the server is away; with ``clicks``, once it is back, then on a link while it is away again."""
    port = free_port()
    with dashboard(demo_folder, BY_SCRIPT, port=port) as address:
        seen = visitor(address)
        page = seen.page
        seen.open(PATH)
        half_a_year = page.get_by_role("link", name="6 mois")
        expect(half_a_year).to_be_visible(timeout=WAIT_MS)
        assert "periode" not in page.url
    _lost(page)
    half_a_year.click(force=True)
    assert "periode" not in page.url
    with dashboard(demo_folder, BY_SCRIPT, port=port):
        _back(page)
        page.wait_for_url(re.compile("periode=6m"), timeout=WAIT_MS)
        expect(page.get_by_role("link", name="6 mois")).to_have_attribute("aria-current", "true")
        seen.settle()
    if clicks:
        _clicked_after(seen, demo_folder, port)
    assert seen.exceptions() == []
    seen.errors[:] = [error for error in seen.errors if not UNANSWERED.search(error)]


def _clicked_after(seen: Watched, demo_folder: Path, port: int) -> None:
    page = seen.page
    _lost(page)
    with dashboard(demo_folder, BY_SCRIPT, port=port):
        _back(page)
        page.get_by_role("link", name="3 saisons").click()
        page.wait_for_url(re.compile("periode=3s"), timeout=WAIT_MS)
        seen.settle()
        assert "periode=3s" in page.url
    _lost(page)
    page.get_by_role("link", name="Voir les départements").click(force=True)
    with dashboard(demo_folder, BY_SCRIPT, port=port):
        _back(page)
        page.wait_for_url(re.compile("/territoires"), timeout=WAIT_MS)
        seen.settle()
        assert page.locator("h1.vs-title").count() == 1


def test_a_click_before_the_server_is_back_is_not_lost(demo_folder: Path, visitor: Visitor) -> None:
    _restarted(demo_folder, visitor, clicks=False)


@pytest.mark.long
def test_a_click_before_or_after_the_server_is_back_is_not_lost(demo_folder: Path, visitor: Visitor) -> None:
    _restarted(demo_folder, visitor, clicks=True)
