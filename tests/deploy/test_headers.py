"""What the shipped proxy answers by itself: headers, redirections, limits, closed addresses, who serves whom."""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import streamlit

from pages.components.exports import scripts
from pages.components.shell import address, browser
from tests.browser.server import free_port
from tests.deploy.proxy import SHIPPED, Proxy, proxy

ALWAYS = {
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CLOSED = (
    "/_stcore/metrics",
    "/_stcore/upload_file/x/y",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/_stcore/script-health-check",
    "/component/x/y",
    "/app/static/x",
    "/plan-hivernal/_stcore/metrics",
    "/deux/morceaux",
)


@pytest.fixture
def client(front: Proxy) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False  # REQUESTS_CA_BUNDLE of the machine would win over the authority of the test
        session.verify = str(front.authority)
        yield session


@pytest.mark.parametrize("path", ["/", "/molecule", "/_stcore/health", "/media/inconnu", *CLOSED])
def test_headers_are_on_every_answer(front: Proxy, client: requests.Session, path: str) -> None:
    answer = client.get(f"{front.https}{path}")
    assert ALWAYS.items() <= answer.headers.items()
    assert answer.headers["Server"] == "nginx"
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe-inline" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    assert policy["connect-src"] == "'self'"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]


def test_cookies_are_for_https_only(front: Proxy, client: requests.Session) -> None:
    given = SimpleCookie()
    for line in client.get(f"{front.https}/_stcore/health").raw.headers.getlist("Set-Cookie"):
        given.load(line)
    assert {"vigistock_route", "_streamlit_xsrf"} == given.keys()
    assert all(morsel["secure"] and morsel["samesite"].lower() == "lax" for morsel in given.values())
    assert given["vigistock_route"]["httponly"]
    assert not given["vigistock_route"]["max-age"]
    assert not given["vigistock_route"]["expires"]


def test_http_leads_to_https(front: Proxy) -> None:
    answer = requests.get(f"{front.http}/molecule?sujet=x", allow_redirects=False, timeout=5)
    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://localhost/molecule?sujet=x"


def test_another_name_gets_nothing(front: Proxy) -> None:
    with pytest.raises(requests.ConnectionError):
        requests.get(front.http, headers={"Host": "autre.example"}, timeout=5)
    context = ssl.create_default_context(cafile=str(front.authority))
    with (
        socket.create_connection(("127.0.0.1", urlsplit(front.https).port or 0), timeout=5) as raw,
        pytest.raises(ssl.SSLError),
    ):
        context.wrap_socket(raw, server_hostname="autre.example")


def test_old_tls_is_refused(front: Proxy) -> None:
    context = ssl.create_default_context(cafile=str(front.authority))
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", urlsplit(front.https).port or 0), timeout=5) as raw,
        pytest.raises(ssl.SSLError),
    ):
        context.wrap_socket(raw, server_hostname="localhost")


@pytest.mark.parametrize("path", CLOSED)
def test_addresses_that_pages_do_not_use_are_closed(front: Proxy, client: requests.Session, path: str) -> None:
    assert client.get(f"{front.https}{path}").status_code == 404


def test_what_is_sent_is_bounded(front: Proxy, client: requests.Session) -> None:
    assert client.get(f"{front.https}/", data=b"x" * 20_000).status_code == 413
    assert client.get(f"{front.https}/?q={'x' * 20_000}").status_code == 414
    assert client.get(f"{front.https}/", headers={"X": "x" * 20_000}).status_code == 400
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert client.request(method, f"{front.https}/").status_code == 405


def test_hurried_attempts_to_sign_in_are_slowed_down_and_pages_are_not(front: Proxy, client: requests.Session) -> None:
    """One address: 40 at once then 2 a second for sign-in; a room that opens its pages together is served."""

    def status(path: str) -> int:
        return client.get(f"{front.https}{path}", allow_redirects=False).status_code

    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(status, ["/"] * 60))
        attempts = list(pool.map(status, ["/auth/login"] * 60))
    assert set(pages) == {200}
    assert 5 <= attempts.count(429) <= 20


def test_readers_are_shared_between_processes_and_each_keeps_its_own(front: Proxy) -> None:
    start = len(front.log())
    for _ in range(12):
        with requests.Session() as one:
            one.trust_env, one.verify = False, str(front.authority)
            for path in ("/", "/_stcore/health", "/molecule"):
                one.get(f"{front.https}{path}")
    served = [line.split()[7] for line in front.log()[start:]]
    readers = [set(served[i : i + 3]) for i in range(0, 36, 3)]
    assert all(len(one) == 1 for one in readers)
    assert len(set(served)) == 2


def test_a_process_that_is_down_is_passed_over(tmp_path: Path, dashboards: list[str]) -> None:
    with proxy(tmp_path, [dashboards[0], f"http://127.0.0.1:{free_port()}"]) as half:
        found = {requests.get(f"{half.https}/", verify=str(half.authority), timeout=5).status_code for _ in range(12)}
    assert found == {200}


def test_the_policy_names_each_inline_script_by_its_hash() -> None:
    """Those of Streamlit's own page and of ours; a changed script, or a new version, asks for its new hash here."""
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    asked = address._SCRIPT.replace("IS_FIRST", "false").replace("TITLE", address._TITLE).replace("TEXT", address._TEXT)
    own = [asked, *vars(browser).values(), scripts.LEAVING]
    ours = "".join(text for text in own if isinstance(text, str) and text.startswith("<script>"))
    texts = re.findall(r"<script>(.*?)</script>", index + ours.replace("LOGOUT", "/auth/logout"), re.DOTALL)
    needed = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts}
    policy = re.search(r"script-src ([^;]*);", SHIPPED.read_text(encoding="utf-8"))
    assert policy is not None
    assert set(re.findall(r"'sha256-([^']+)'", policy[1])) == needed
