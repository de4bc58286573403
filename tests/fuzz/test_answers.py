"""Any bytes a server may send end in a body or in a sentence, soon, and never stop the other sources."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import SourceUnavailable
from connectors.reading.http import Http, HttpLimits
from tests.examples import examples
from tests.fuzz import invariants
from tests.fuzz.conftest import record_event
from tests.fuzz.mutations.octets import BYTES

LIMITS = HttpLimits(
    connect_seconds=1, read_seconds=0.3, total_seconds=2, attempts=2, first_pause_seconds=0, max_bytes=500_000
)
HANGING = 30  # seconds over the limit: a busy machine stays under it, an endless wait does not
BODY = b'[{"semaine": "2026-S46", "date_complet": "2026-11-09", "taux_passages_grippe_sau": 12.5}]' * 20
STATUS = (
    b"200 OK",
    b"200",
    b"206 Partial Content",
    b"301 Moved",
    b"302 Found",
    b"307 X",
    b"429 X",
    b"503 X",
    b"404 \xe9",
    b"999 X",
    b"099 X",
    b"-1 X",
    b"2OO OK",
    b"",
    b"200 " + b"x" * 70_000,
    b"100 Continue",
    b"204 No",
    b"304 Not",
)
LOCATIONS = (
    *(
        b"/again",
        b"",
        b"//",
        b"http://",
        b"http://[",
        b"http://[::1",
        b"file:///etc/passwd",
        b"ftp://127.0.0.1/x",
        b"\xe9",
    ),
    *(
        b"http://127.0.0.1:99999/",
        b"http://127.0.0.1:9/",
        b"http:///x",
        b"data:text/plain,x",
        b"javascript:1",
        b"http://\xff/",
    ),
    *(
        b"http://" + b"a" * 300 + b".invalid/",
        b"?a=\x80",
        b"http://127.0.0.1:abc/",
        b"https://127.0.0.1:9/",
        b"/" + b"x" * 9000,
    ),
)
DELAYS = (
    *(b"0", b"-5", b"9" * 400, b"1e9", b"bient\xf4t", b"Fri, 31 Dec 2100 23:59:59 GMT", b"\xb2", b"0.5", b"1, 2", b""),
    *(
        b"Fri, 31 Dec 2100 23:59:59 +9999999999999999999999",
        b"Fri, 31 Dec 99999 23:59:59 GMT",
        b"Thu, 01 Jan 0000 00:00:00 -0000",
    ),
)
ENCODED = {
    b"identity": BODY,
    b"gzip": gzip.compress(BODY),
    b"deflate": zlib.compress(BODY),
    b"gzip, gzip": gzip.compress(gzip.compress(bytes(2_000_000))),
    b"gzip, gzip, gzip, gzip, gzip, gzip, gzip": BODY,
    b"br": BODY,
    b"zstd": BODY,
    b"x-unknown": BODY,
}


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """A response as a server, a proxy or an attacker may send it."""
    encoding = draw(st.sampled_from(sorted(ENCODED)))
    body = ENCODED[draw(st.sampled_from([encoding, encoding, b"identity"]))]
    for _ in range(draw(st.integers(0, 2))):
        body = draw(st.sampled_from(BYTES))(draw, body)
    head = [b"HTTP/1.1 " + draw(st.sampled_from([STATUS[0]] * len(STATUS) + [*STATUS]))]
    head += [b"Content-Encoding: " + encoding] if encoding != b"identity" else []
    if draw(st.integers(0, 3)) == 0:
        head.append(b"Location: " + draw(st.sampled_from(LOCATIONS)))
    if draw(st.integers(0, 3)) == 0:
        head.append(b"Retry-After: " + draw(st.sampled_from(DELAYS)))
    if draw(st.integers(0, 5)) == 0:
        head.append(
            draw(st.one_of(st.binary(max_size=40), st.sampled_from([b"X: " + b"y" * 70_000, b": ", b"Set-Cookie: \0"])))
        )
    return _framed(draw, head, body)


def _framed(draw: st.DrawFn, head: list[bytes], body: bytes) -> bytes:
    """With a length, right or wrong, in pieces, or until the end."""
    frame = draw(st.sampled_from(["right", "right", "wrong", "chunked", "torn chunk", "none", "both"]))
    length = draw(st.sampled_from([0, len(body) + 9, len(body) // 2, -1, 10**30])) if frame == "wrong" else len(body)
    if frame in ("right", "wrong", "both"):
        head.append(b"Content-Length: %d" % length)
    if frame in ("chunked", "torn chunk", "both"):
        head.append(b"Transfer-Encoding: chunked")
        size = draw(st.sampled_from([b"%x" % len(body), b"%x" % (len(body) + 1), b"zz", b"-1", b"f" * 40]))
        end = b"" if frame == "torn chunk" else b"\r\n0\r\n\r\n"
        body = size + b"\r\n" + body + end
    return b"\r\n".join(head) + b"\r\n\r\n" + body


class Mouth:
    """A server that says the same bytes to whoever calls, then hangs up."""

    def __init__(self) -> None:
        self.answer = b""
        self.calls = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/f"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                self.calls += 1
                with suppress(OSError), caller:
                    caller.recv(65_536)
                    caller.sendall(self.answer)
                    caller.shutdown(socket.SHUT_WR)
                    caller.settimeout(0.2)
                    caller.recv(1)

    def close(self) -> None:
        self._listener.close()


@contextmanager
def speaking() -> Iterator[Mouth]:
    mouth = Mouth()
    try:
        yield mouth
    finally:
        mouth.close()


def test_any_answer_ends_in_a_body_or_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with speaking() as mouth:

        @examples(fast=25, long=1500)
        @given(answers())
        def tried(answer: bytes) -> None:
            mouth.answer, mouth.calls = answer, 0
            started = monotonic()
            try:
                body = Http(LIMITS).get(mouth.url)
            except SourceUnavailable as refusal:
                record_event("answers", "refused")
                _assert_sentence(str(refusal))
            else:
                record_event("answers", "loaded whole")
                assert len(body) <= LIMITS.max_bytes
            assert monotonic() - started < LIMITS.total_seconds + HANGING
            assert mouth.calls <= LIMITS.attempts * (LIMITS.max_redirects + 1)

        tried()


def _assert_sentence(text: str) -> None:
    wording = text.partition(" : http")[0]
    assert "127.0.0.1" in text
    assert not invariants.FOREIGN.search(wording), text
