"""Every page opens by its address alone, on a server nobody has visited, inside the frame, in French."""

from __future__ import annotations

from pathlib import Path

import pytest

from metrics.declarations import queries as declarations
from tests.browser import homes
from tests.browser.conftest import Visitor
from tests.browser.paths import PAGES
from tests.browser.server import BY_SCRIPT, BY_STREAMLIT, dashboard
from tests.browser.watch import Watched
from tests.browser.whole import assert_whole
from tests.conftest import Home

NOTHING_CHOSEN = ("/declaration?numero=D-0000", "/molecule")
# A first visit under the plain command is answered in two steps; the first one says in the console that the page is unknown.
_FIRST_VISIT = "The page that you have requested does not seem to exist"


# A map asks most of a server that has drawn nothing yet; each of the others, on a server of its own, in make test-long.
FRESH = [
    pytest.param(path, id=name, marks=[] if name == "territoires" else [pytest.mark.long])
    for name, path in PAGES.items()
]


@pytest.mark.parametrize("path", FRESH)
def test_a_deep_link_on_a_server_just_started(demo_folder: Path, visitor: Visitor, path: str) -> None:
    with dashboard(demo_folder, BY_SCRIPT) as address:
        seen = visitor(address)
        seen.open(path)
        assert_whole(seen)


@pytest.mark.long
def test_a_first_visit_under_the_plain_command_gets_its_page(demo_folder: Path, visitor: Visitor) -> None:
    with dashboard(demo_folder, BY_STREAMLIT) as address:
        seen = visitor(address)
        seen.open(PAGES["territoires"])
        seen.page.get_by_role("dialog").wait_for(state="detached")
        assert_whole(seen)
    seen.errors = [error for error in seen.errors if _FIRST_VISIT not in error]


def test_one_declaration_by_its_number(demo_folder: Path, demo_page: Watched) -> None:
    number = declarations.everything(Home(demo_folder).reader())["declaration_no"].iloc[0]
    demo_page.open(f"/declaration?numero={number}")
    assert_whole(demo_page)
    assert number in demo_page.text()


# The page with most names of laboratories; the texts of each of the others are asked the same by tests/pages.
PROJECTED = [
    pytest.param(path, id=name, marks=[] if name == "molecule" else [pytest.mark.long]) for name, path in PAGES.items()
]


@pytest.mark.parametrize("path", PROJECTED)
def test_the_projected_screen_names_no_laboratory(demo_folder: Path, demo_page: Watched, path: str) -> None:
    demo_page.open(f"{path}{'&' if '?' in path else '?'}projection=1")
    text = demo_page.text()
    names = set(declarations.everything(Home(demo_folder).reader())["laboratory"])
    assert not [name for name in names if name in text or name in demo_page.page.content()]
    assert demo_page.exceptions() == []


@pytest.mark.long
@pytest.mark.parametrize("build", [homes.build_empty, homes.build_referential], ids=["vide", "bdpm seule"])
def test_a_poor_warehouse_opens_every_page(tmp_path: Path, visitor: Visitor, build) -> None:
    build(tmp_path / "home")
    with dashboard(tmp_path / "home", BY_SCRIPT, VIGISTOCK_SERVE_WITHOUT_SIGN_IN="true") as address:
        seen = visitor(address)
        for path in (*PAGES.values(), *NOTHING_CHOSEN):
            seen.open(path)
            assert_whole(seen, is_demo=False)


def test_an_empty_warehouse_opens_pages_that_draw(tmp_path: Path, visitor: Visitor) -> None:
    """The seed of it; ``tests/pages`` opens each page on an empty warehouse, without a browser."""
    homes.build_empty(tmp_path / "home")
    with dashboard(tmp_path / "home", BY_SCRIPT, VIGISTOCK_SERVE_WITHOUT_SIGN_IN="true") as address:
        seen = visitor(address)
        for path in (PAGES["territoires"], "/molecule"):
            seen.open(path)
            assert_whole(seen, is_demo=False)


def test_nothing_published_yet_says_what_to_do(tmp_path: Path, visitor: Visitor) -> None:
    (tmp_path / "home").mkdir()
    with dashboard(tmp_path / "home", BY_SCRIPT) as address:
        seen = visitor(address)
        seen.open("/territoires")
        assert "Aucune donnée n'a encore été publiée." in seen.text()
        assert seen.exceptions() == []
