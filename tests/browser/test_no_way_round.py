"""Other ways than the menu: parameters of an address, files of the server, a server nobody has visited, another host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from tests.browser import secret_words
from tests.browser.conftest import Visitor
from tests.browser.paths import PAGES
from tests.browser.provider import Service, sign_in
from tests.browser.server import BY_SCRIPT, BY_STREAMLIT, PROJECT, dashboard
from tests.browser.watch import Watched
from tests.browser.wire import Wire, visit
from tests.conftest import Home

MOLECULE = PAGES["molecule"]
RESERVED = ("/evaluation", "/acces", "/stocks-de-securite")
# What a server of files would give, and the usual ways of asking for more than it should.
FILES = (
    "app.py", ".streamlit/secrets.toml", ".streamlit/config.toml", "vigistock.toml", "access.toml", "journal.db",
    "data/access/roles.py", "data/shared/link_status.sql", "snapshots/current", "raw", "lake",
)  # fmt: skip
ROADS = (
    "/{}", "/static/{}", "/app/static/{}", "/media/{}", "/component/{}", "/bidi-components/{}", "/static/../{}",
    "/static/..%2f..%2f{}", "/media/..%2f..%2f..%2f{}", "/app/static/%2e%2e/{}", "/_stcore/{}", "//{}",
)  # fmt: skip


@pytest.fixture(scope="module")
def secrets(demo_folder: Path) -> dict[str, frozenset[bytes]]:
    return secret_words.laboratories(demo_folder) | secret_words.other_secrets(demo_folder)


@pytest.fixture(scope="module")
def number(demo_folder: Path) -> str:
    return str(Home(demo_folder).reader().rows("SELECT MIN(declaration_no) AS n FROM declaration")[0]["n"])


@pytest.fixture
def agent(known: Service, visitor: Visitor) -> Watched:
    """A regional agency, signed in."""
    seen = visitor(known.address)
    seen.open("/")
    sign_in(seen, "sacha")
    return seen


def test_no_parameter_of_an_address_opens_more(
    agent: Watched, number: str, secrets: dict[str, frozenset[bytes]]
) -> None:
    wire = Wire(agent.page)
    for path in (
        f"{MOLECULE}&role=ansm_steward&projection=0",
        f"/declaration?numero={number}&role=ansm",
        f"/declarations?laboratoire={quote('LABORATOIRE A')}&recherche={number}&statut=toutes",
        "/sources?source=tracstocks&role=ansm_steward",
        "/tableau-mensuel?mois=2026-10&impression=1",
        "/evaluation?projection=1&role=ansm",
        "/methode?indicateur=market_share",
    ):
        received = visit(agent, wire, path)
        leaks = [word for word in secret_words.heard(secrets, received) if quote(word) not in path]
        assert leaks == [], path
        assert b"vs-title" in received, path


def test_the_server_gives_no_file_of_its_own(demo_address: str, demo_folder: Path) -> None:
    """Any address is the same empty page of the framework, or nothing."""
    page = requests.get(demo_address, timeout=10).content
    for name in FILES:
        for road in ROADS:
            answer = _asked(f"{demo_address}{road.format(name)}")
            assert answer.status_code in {400, 403, 404, 405} or answer.content == page, f"{road} {name}"
            assert not _is_of_ours(answer.content, demo_folder), f"{road} {name}"


def _asked(address: str) -> requests.Response:
    """As typed: requests would tidy « .. » away before asking."""
    with requests.Session() as session:
        prepared = session.prepare_request(requests.Request("GET", address))
        prepared.url = address
        return session.send(prepared, timeout=10, allow_redirects=False)


def _is_of_ours(content: bytes, home: Path) -> bool:
    secrets = (
        (PROJECT / "app.py").read_bytes()[:60],
        b"enableXsrfProtection",
        b"SQLite format",
        b"snapshot",
        bytes(home),
    )
    return any(part in content for part in secrets)


def test_no_program_is_served_in_place_of_a_browser(demo_address: str) -> None:
    """The framework can speak to programs over HTTP: such a session would have no role."""
    for path in ("interact", "mcp"):
        assert requests.post(f"{demo_address}/_stcore/agent/{path}", json={}, timeout=10).status_code == 405, path
        assert requests.get(f"{demo_address}/_stcore/agent/{path}", timeout=10).status_code == 404, path


@pytest.fixture(
    params=[
        pytest.param(BY_SCRIPT, id="app.py", marks=pytest.mark.long),
        pytest.param(BY_STREAMLIT, id="streamlit run"),
    ]
)
def fresh(request: pytest.FixtureRequest, demo_folder: Path) -> Iterator[str]:
    with dashboard(demo_folder, request.param) as address:
        yield address


def test_the_first_address_asked_of_a_server_is_refused_as_the_others(
    fresh: str, visitor: Visitor, secrets: dict[str, frozenset[bytes]]
) -> None:
    """Before the frame has run once, the framework knows the folder ``pages`` and no role."""
    seen = visitor(fresh)
    wire = Wire(seen.page)
    for path in RESERVED:
        received = visit(seen, wire, f"{path}?role=ars-52")
        assert "pas ouverte à votre rôle".encode() in received, path
        assert secret_words.heard(secrets, received) == [], path
    seen.errors = [error for error in seen.errors if "does not seem to exist" not in error]


def test_what_a_page_asks_of_another_host_is_refused_and_seen(demo_page: Watched) -> None:
    """The watch itself: every other browser test relies on it."""
    demo_page.open("/methode")
    for address in ("https://ailleurs.example/police.woff2", "http://198.51.100.7/mesure"):
        assert demo_page.page.evaluate("a => fetch(a, {mode: 'no-cors'}).then(() => 'lu', () => 'refusé')", address) == "refusé"  # fmt: skip
    with pytest.raises(AssertionError, match=r"ailleurs\.example.*198\.51\.100\.7"):
        demo_page.judge()
    demo_page.outside.clear()
    demo_page.errors.clear()
