"""Two dashboards over one PostgreSQL: whoever signs out of one is out of the other, cookie copied or page open."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from data.journal import Journal
from tests.browser.conftest import Visitor
from tests.browser.provider import PEOPLE, Provider, Service, service, sign_in, sign_out
from tests.browser.watch import Watched
from tests.journal.conftest import new_database, postgres

__all__ = ["postgres"]

# Ten times the delay promised: a condition that is waited for, on a machine that does other things too.
PATIENCE_S = 50


@pytest.fixture
def journal_url(postgres: str) -> str:
    return new_database(postgres)


@pytest.fixture
def pair(started: Provider, demo_folder: Path, tmp_path: Path, journal_url: str) -> Iterator[tuple[Service, Service]]:
    started.know(PEOPLE)
    shared = {"VIGISTOCK_JOURNAL_URL": journal_url}
    with (
        service(tmp_path / "a", demo_folder, started, "vigistock", **shared) as one,
        service(tmp_path / "b", demo_folder, started, "vigistock", **shared) as other,
    ):
        yield one, other


def refused_while_walking(seen: Watched) -> bool:
    """From page to page, as somebody does who still has the menu."""
    end = time.monotonic() + PATIENCE_S
    for title in cycle(("Territoires", "Revue du jour")):
        if "Session expirée" in seen.text():
            return True
        if time.monotonic() > end:
            return False
        seen.page.get_by_role("link", name=title, exact=True).click()
        seen.settle()
    return False


def test_signing_out_of_one_process_ends_it_in_the_other(
    pair: tuple[Service, Service], visitor: Visitor, journal_url: str
) -> None:
    one, other = pair
    seen = visitor(one.address)
    seen.open("/")
    sign_in(seen, "dominique")
    # Cookies belong to a host, whatever its port: those of the first process open the second, as behind a proxy.
    stolen = [cookie for cookie in seen.page.context.cookies() if cookie["name"].startswith("_streamlit_user")]
    thief = visitor(other.address)
    thief.page.context.add_cookies(stolen)
    thief.open("/")
    assert "Dominique Roy" in thief.text()
    sign_out(seen, "Dominique Roy")
    assert refused_while_walking(thief)
    again = visitor(other.address)
    again.page.context.add_cookies(stolen)
    again.open("/molecule?sujet=amoxicilline-susp-500")
    assert "Session expirée" in again.text()
    journal = Journal(journal_url)
    assert [line.login for line in journal.accesses(action="deconnexion")] == ["dominique.roy@ansm.example"]
    # The first process was never asked again: it knew at once.
    back = visitor(one.address)
    back.page.context.add_cookies(stolen)
    back.open("/")
    assert "Session expirée" in back.text()
    journal.close()
