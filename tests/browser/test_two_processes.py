"""Two dashboards over one PostgreSQL: whoever signs out of one is out of the other, cookie copied or page open."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from data.journal import Journal
from tests.browser.conftest import Visitor
from tests.browser.provider import PEOPLE, Provider, Service, service, sign_in, sign_out
from tests.browser.relay import Relay, relay
from tests.browser.watch import Watched
from tests.journal.conftest import new_database, postgres

__all__ = ["postgres"]

# Ten times the delay promised: a condition that is waited for, on a machine that does other things too.
PATIENCE_S = 50


@pytest.fixture
def journal_url(postgres: str) -> str:
    return new_database(postgres)


@dataclass
class Pair:
    """Two processes behind one address: the browser, the cookie and the provider know that address alone."""

    front: Relay
    one: Service
    other: Service

    def go_to(self, process: Service) -> None:
        self.front.target = process.address


@pytest.fixture
def pair(started: Provider, demo_folder: Path, tmp_path: Path, journal_url: str) -> Iterator[Pair]:
    started.know(PEOPLE)
    shared = {"VIGISTOCK_JOURNAL_URL": journal_url}
    with (
        relay() as front,
        service(tmp_path / "a", demo_folder, started, "vigistock", front=str(front.port), **shared) as one,
        service(tmp_path / "b", demo_folder, started, "vigistock", front=str(front.port), **shared) as other,
    ):
        yield Pair(front, one, other)


def refused_while_walking(seen: Watched) -> bool:
    """From page to page, as somebody does who still has the menu."""
    end = time.monotonic() + PATIENCE_S
    for title in cycle(("Territoires", "Revue du jour")):
        if "Session expirée" in seen.text():
            return True
        if time.monotonic() > end:
            return False
        with suppress(PlaywrightTimeout):  # the menu went away meanwhile
            seen.page.get_by_role("link", name=title, exact=True).click(timeout=3000)
        seen.settle()
    return False


def copied(visitor: Visitor, pair: Pair, cookies: list[Any]) -> Watched:
    """Another browser, with the cookies of the first."""
    seen = visitor(pair.front.address)
    seen.page.context.add_cookies(cookies)
    seen.open("/")
    return seen


@pytest.mark.long
def test_signing_out_of_one_process_ends_it_in_the_other(pair: Pair, visitor: Visitor, journal_url: str) -> None:
    pair.go_to(pair.one)
    seen = visitor(pair.front.address)
    seen.open("/")
    sign_in(seen, "dominique")
    stolen = [cookie for cookie in seen.page.context.cookies() if cookie["name"].startswith("_streamlit_user")]
    pair.go_to(pair.other)
    thief = copied(visitor, pair, stolen)
    assert "Dominique Roy" in thief.text()
    pair.go_to(pair.one)
    sign_out(seen, "Dominique Roy")
    # Its page was open, its process knew the sign-in, and nobody touches it.
    thief.page.get_by_text("Session expirée").wait_for(timeout=PATIENCE_S * 1000)
    assert "Dominique Roy" not in thief.text()
    for process in (pair.other, pair.one):
        pair.go_to(process)
        assert "Session expirée" in copied(visitor, pair, stolen).text()
    journal = Journal(journal_url)
    assert [line.login for line in journal.accesses(action="deconnexion")] == ["dominique.roy@ansm.example"]
    journal.close()
