"""Downloads against real local servers that misbehave."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from connectors.base import Download, SourceUnavailable
from connectors.reading.http import Http, HttpLimits, download_all

Answer = Callable[[BaseHTTPRequestHandler], None]
FAST = HttpLimits(connect_seconds=1, read_seconds=0.3, total_seconds=5, attempts=3, max_bytes=100_000, max_redirects=3)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@contextmanager
def serving(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that gives each answer in turn, the last one for ever; yields its address and the headers received."""
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
            answers[min(len(asked), len(answers)) - 1](self)

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def body(content: bytes = b"61266250\tpommade\n", status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def silent(seconds: float) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        body()(handler)

    return answer


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """One byte at a time, never silent long enough for the read time-out."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    try:
        for _ in range(1000):
            handler.wfile.write(b"x")
            time.sleep(0.05)
    except OSError:
        return


def http(limits: HttpLimits = FAST) -> tuple[Http, list[float]]:
    """A client that notes its pauses instead of sleeping."""
    pauses: list[float] = []
    return Http(limits, sleep=pauses.append), pauses


def test_bytes_are_returned_untouched() -> None:
    with serving(body(b"\x92\xe9\r\n")) as (url, asked):
        assert http()[0].get(f"{url}/CIS_bdpm.txt", params={"where": "date>=date'2026-01-01'"}) == b"\x92\xe9\r\n"
    assert asked[0]["path"] == "/CIS_bdpm.txt?where=date%3E%3Ddate%272026-01-01%27"


def test_a_host_that_is_down() -> None:
    with serving(body()) as (url, _):
        pass
    client, pauses = http()
    with pytest.raises(SourceUnavailable, match="injoignable"):
        client.get(url)
    assert len(pauses) == 2


def test_a_silent_host_is_tried_again_then_left() -> None:
    with serving(silent(1)) as (url, asked), pytest.raises(SourceUnavailable, match="ne répond pas"):
        http()[0].get(url)
    assert len(asked) == 3


def test_a_slow_start_is_forgiven() -> None:
    with serving(silent(1), body(b"ok")) as (url, _):
        assert http()[0].get(url) == b"ok"


def test_a_dripping_host_is_cut_at_the_deadline() -> None:
    started = time.monotonic()
    with serving(dripping) as (url, _), pytest.raises(SourceUnavailable, match="trop lent"):
        http(HttpLimits(read_seconds=1, total_seconds=0.5))[0].get(url)
    assert time.monotonic() - started < 3


def test_retry_after_in_seconds_is_obeyed() -> None:
    with serving(body(status=429, Retry_After="7"), body(b"ok")) as (url, _):
        client, pauses = http(HttpLimits(total_seconds=60))
        assert client.get(url) == b"ok"
    assert pauses == [7]


def test_retry_after_as_a_date_is_obeyed() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    with serving(body(status=503, Retry_After=moment), body(b"ok")) as (url, _):
        client, pauses = http(HttpLimits(total_seconds=60))
        assert client.get(url) == b"ok"
    assert 15 < pauses[0] <= 20


def test_a_server_that_asks_for_an_hour_is_left_alone() -> None:
    with serving(body(status=429, Retry_After="3600")) as (url, asked):
        client, pauses = http(HttpLimits(total_seconds=9999))
        with pytest.raises(SourceUnavailable, match="patienter"):
            client.get(url)
    assert (len(asked), pauses) == (1, [])


@pytest.mark.parametrize("asked", ["bientôt".encode().decode("latin-1"), "", "9" * 5000])
def test_an_unreadable_retry_after_falls_back_on_our_own_pause(asked: str) -> None:
    with serving(body(status=429, Retry_After=asked), body(b"ok")) as (url, _):
        client, pauses = http(HttpLimits(total_seconds=60))
        assert client.get(url) == b"ok"
    assert 1 <= pauses[0] <= 2


def test_500_then_ok() -> None:
    with serving(body(status=500), body(b"ok")) as (url, asked):
        assert http()[0].get(url) == b"ok"
    assert len(asked) == 2


def test_pauses_double_up_to_their_limit() -> None:
    with serving(body(status=500)) as (url, asked):
        client, pauses = http(HttpLimits(attempts=5, longest_pause_seconds=3))
        with pytest.raises(SourceUnavailable, match="500"):
            client.get(url)
    assert len(asked) == 5
    assert all(least <= pause <= min(least + 1, 3) for pause, least in zip(pauses, (1, 2, 3, 3), strict=True))


@pytest.mark.parametrize("status", [204, 400, 401, 404])
def test_a_refusal_is_not_insisted_upon(status: int) -> None:
    with serving(body(b"", status=status)) as (url, asked), pytest.raises(SourceUnavailable, match=str(status)):
        http()[0].get(url)
    assert len(asked) == 1


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><html>", b"\xef\xbb\xbf\r\n  <HTML lang='fr'>"])
def test_a_web_page_is_not_data(page: bytes) -> None:
    with serving(body(page)) as (url, _):
        with pytest.raises(SourceUnavailable, match="page web"):
            http()[0].get(url)
        assert http()[0].get(url, expect="any") == page


def test_half_a_body_is_tried_again() -> None:
    with serving(body(b"half", Content_Length="8"), body(b"complete")) as (url, _):
        assert http()[0].get(url) == b"complete"


def test_half_a_body_is_never_kept() -> None:
    with (
        serving(body(b"half", Content_Length="8")) as (url, asked),
        pytest.raises(SourceUnavailable, match="incomplète"),
    ):
        http()[0].get(url)
    assert len(asked) == 3


def test_a_redirect_loop_stops() -> None:
    endless = body(b"", status=302, Location="/encore")
    with serving(endless) as (url, asked), pytest.raises(SourceUnavailable, match="sans fin"):
        http()[0].get(url)
    assert len(asked) == FAST.max_redirects + 1


def flood(handler: BaseHTTPRequestHandler) -> None:
    """A redirect whose body never ends."""
    handler.send_response(302)
    handler.send_header("Location", "/suite")
    handler.send_header("Content-Length", str(10**15))
    handler.end_headers()
    with suppress(OSError):
        while True:
            handler.wfile.write(bytes(1_000_000))


@pytest.mark.parametrize(
    "redirect",
    [
        flood,
        body(b"x" * 100, status=301, Location="/suite", Content_Encoding="deflate", Content_Length="113"),
        body(b"\xff" * 9, status=307, Location="/suite", Content_Encoding="gzip", Set_Cookie="jeton=1"),
    ],
    ids=["endless", "cut", "not what it says"],
)
def test_the_body_of_a_redirect_is_not_read(redirect: Answer) -> None:
    with serving(redirect, body(b"ok")) as (url, asked):
        # Time enough for a busy machine: an answer that comes late is asked for again.
        assert http(FAST.model_copy(update={"read_seconds": 20, "total_seconds": 60}))[0].get(url) == b"ok"
    assert [request["path"] for request in asked] == ["/", "/suite"]
    assert asked[1].get("cookie", "") in ("", "jeton=1")


@pytest.mark.parametrize("content", [b"x" * 200_000, gzip.compress(b"x" * 2_000_000)])
def test_too_large_even_once_decompressed(content: bytes) -> None:
    encoding = "gzip" if content.startswith(b"\x1f") else "identity"
    with (
        serving(body(content, Content_Encoding=encoding)) as (url, _),
        pytest.raises(SourceUnavailable, match="octets"),
    ):
        http()[0].get(url)


def test_a_secret_is_not_forwarded_to_another_host() -> None:
    with serving(body(b"ok")) as (elsewhere, asked):
        other = elsewhere.replace("127.0.0.1", "localhost")
        with serving(body(b"", status=302, Location=other)) as (url, first):
            assert http()[0].get(url, headers={"apikey": "cle"}) == b"ok"
    assert first[0]["apikey"] == "cle"
    assert "apikey" not in asked[0]


def test_a_certificate_nobody_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with serving(body(b"ok"), tls=context) as (url, asked):
        client, pauses = http()
        with pytest.raises(SourceUnavailable, match="certificat"):
            client.get(url)
        assert (asked, pauses) == ([], [])
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
        assert client.get(url) == b"ok"


def test_an_address_that_is_not_one() -> None:
    with pytest.raises(SourceUnavailable, match="n'a pas pu être lu"):
        http()[0].get("exemple/CIS_bdpm.txt")


def test_one_file_that_fails_does_not_lose_the_others() -> None:
    with serving(body(b"un"), body(status=404), body(b"trois")) as (address, _):
        kept: list[Download] = []
        with pytest.raises(SourceUnavailable) as refusal:
            kept.extend(download_all(http()[0], [(n, f"{address}/{n}", {}) for n in ("a", "b", "c")]))
    assert [(download.name, download.content) for download in kept] == [("a", b"un"), ("c", b"trois")]
    assert "404" in str(refusal.value)
    assert str(refusal.value).endswith("(non lu : b)")


def test_a_host_that_is_down_is_tried_and_reported_once() -> None:
    client, pauses = http()
    with pytest.raises(SourceUnavailable) as refusal:
        list(download_all(client, [(n, f"http://127.0.0.1:9/{n}", {}) for n in ("a", "b", "c")]))
    assert str(refusal.value) == "127.0.0.1:9 est injoignable (aucun des 3 fichiers lu)"
    assert len(pauses) == FAST.attempts - 1


def test_a_slow_host_is_left_after_two_files() -> None:
    """Nine files, each waited for to the end, would hold a refresh for an hour."""
    with serving(silent(1)) as (url, asked), pytest.raises(SourceUnavailable) as refusal:
        list(download_all(http()[0], [(n, f"{url}/{n}", {}) for n in ("a", "b", "c", "d")]))
    assert [call["path"] for call in asked] == ["/a"] * FAST.attempts + ["/b"] * FAST.attempts
    assert "(non lus : a, b)" in str(refusal.value)
    assert "ses autres fichiers ne sont pas demandés (non lus : c, d)" in str(refusal.value)


@pytest.mark.parametrize("elsewhere", ["file:///etc/passwd", "ftp://127.0.0.1/liste.txt", "data:text/plain,x"])
def test_a_redirect_away_from_the_web_is_not_followed(elsewhere: str) -> None:
    with (
        serving(body(b"", status=302, Location=elsewhere)) as (url, asked),
        pytest.raises(SourceUnavailable, match="n'est pas du web"),
    ):
        http()[0].get(url)
    assert len(asked) == 1


def test_a_redirect_that_loses_its_encryption_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with serving(body(b"ok")) as (plain, asked):
        with (
            serving(body(b"", status=302, Location=plain), tls=context) as (url, _),
            pytest.raises(SourceUnavailable, match="sans chiffrement"),
        ):
            http()[0].get(url)
        assert asked == []


def test_a_body_that_contradicts_its_headers_is_tried_again() -> None:
    with serving(body(b"\xff" * 100, Content_Encoding="gzip"), body(b"ok")) as (url, _):
        assert http()[0].get(url) == b"ok"


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_bomb_in_a_bomb_stops_at_the_limit(times: int) -> None:
    content = bytes(20_000_000)
    for _ in range(times):
        content = gzip.compress(content)
    with (
        serving(body(content, Content_Encoding=", ".join(["gzip"] * times))) as (url, asked),
        pytest.raises(SourceUnavailable, match="octets"),
    ):
        http()[0].get(url)
    assert len(asked) == 1
